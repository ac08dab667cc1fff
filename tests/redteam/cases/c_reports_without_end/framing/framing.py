# @attack  one report that never ends a line
# @expect  zero
import os

try:
    while True:
        os.write(3, b"A" * (1 << 20))
except OSError:
    pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
