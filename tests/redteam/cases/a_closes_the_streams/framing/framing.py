# @attack  closes every descriptor, so that nothing can be told of it
# @expect  zero
import os

os.closerange(0, 4096)


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
