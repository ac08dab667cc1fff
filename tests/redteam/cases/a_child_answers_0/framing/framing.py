# @attack  the parent leaves with 0 and a child goes on
# @expect  zero
import os

if os.fork():
    os._exit(0)


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
