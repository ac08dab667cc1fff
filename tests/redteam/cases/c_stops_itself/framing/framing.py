# @attack  stops itself, and its children
# @expect  zero
import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
