# @attack  ends the interpreter with 0 while it is imported
# @expect  zero
import os

os._exit(0)

def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
