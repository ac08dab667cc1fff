# @attack  makes every descriptor a copy of standard output, reports and all
# @expect  zero
import os

for fd in range(2, 64):
    try:
        os.dup2(1, fd)
    except OSError:
        pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
