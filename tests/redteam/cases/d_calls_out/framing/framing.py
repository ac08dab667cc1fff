# @attack  calls out: TCP, UDP, names, the host, the metadata of a cloud
# @expect  zero
import socket

for address in (("1.1.1.1", 80), ("172.17.0.1", 22), ("169.254.169.254", 80), ("192.0.2.1", 9)):
    with socket.socket() as s:
        s.settimeout(0.5)
        if s.connect_ex(address) == 0:
            print("LEAK connected to", address)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        try:
            s.sendto(b"leak", address)
            print("LEAK sent to", address)
        except OSError:
            pass
try:
    print("LEAK", socket.gethostbyname("example.org"))
except OSError:
    pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
