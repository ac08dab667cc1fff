# @attack  opens descriptors until there are no more, and keeps them
# @expect  zero
import os

held = []
try:
    while True:
        held.append(os.pipe())
except OSError:
    pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
