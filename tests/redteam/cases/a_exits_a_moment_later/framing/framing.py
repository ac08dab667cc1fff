# @attack  a thread ends the interpreter with 0 a moment later
# @expect  zero
import os
import threading

threading.Timer(0.3, os._exit, (0,)).start()


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
