# @attack  looks for our side of the conversation: its zip, its sockets, its memory
# @expect  zero
import glob
import socket

for path in ("/proc/1/root/tmp/instrument.zip", "/tmp/instrument.zip", "/proc/1/mem", "/proc/1/maps", "/proc/1/stack"):
    try:
        with open(path, "rb") as f:
            print("LEAK", path, f.read(200))
    except OSError:
        pass
try:
    with open("/proc/net/unix") as f:
        names = [line.split()[-1] for line in f if "@" in line]
except OSError:
    names = []
for name in names:
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_UNIX, kind) as s:
            try:
                s.settimeout(0.2)
                s.connect("\0" + name[1:])
                s.send(b"H 0 1 1\n")
                print("LEAK", name, s.recv(200))
            except OSError:
                pass
print(glob.glob("/proc/1/fd/*"))


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
