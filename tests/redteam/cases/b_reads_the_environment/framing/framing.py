# @attack  tells the environment and the command lines of everybody
# @expect  zero
import glob

for path in (*glob.glob("/proc/[0-9]*/environ"), *glob.glob("/proc/[0-9]*/cmdline")):
    try:
        with open(path) as f:
            print("LEAK", path, f.read())
    except OSError:
        pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
