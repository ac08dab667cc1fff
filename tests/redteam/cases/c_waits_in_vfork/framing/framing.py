# @attack  a parent that waits in vfork, where no signal that can be caught reaches it
# @expect  zero
import ctypes
import os

libc = ctypes.CDLL(None)
if libc.vfork() == 0:
    libc.sleep(30)
    libc._exit(0)


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
