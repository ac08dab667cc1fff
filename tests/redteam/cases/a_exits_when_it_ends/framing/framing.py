# @attack  an exit handler turns every end into 0
# @expect  zero
import atexit
import os

atexit.register(os._exit, 0)


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
