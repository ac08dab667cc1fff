# @attack  two gigabytes on standard error
# @expect  zero
import sys

for _ in range(2048):
    sys.stderr.write("A" * (1 << 20))


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
