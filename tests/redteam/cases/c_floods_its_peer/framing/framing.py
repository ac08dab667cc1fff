# @attack  sends without an end to whoever listens
# @expect  zero
import socket


def send_message(sock, text):
    while True:
        sock.sendall(b"\0\0\0\0" * 65536)


def recv_message(sock):
    while True:
        sock.sendall(b"\0" * 65536)
