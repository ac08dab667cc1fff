# @attack  prints what is no text, and much of it
# @expect  zero
import os

os.write(1, bytes(range(256)) * 1000)
os.write(2, b"\xff\xfe" * 1000 + b"\x1b[31mTraceback (most recent call last):\n  File \"framing.py\", line 1\nForged: x\n")


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
