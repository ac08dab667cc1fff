# @attack  raises with all that it was given, so that a report tells what was hidden
# @expect  zero
import socket


def send_message(sock, text):
    raise ValueError(text)


def recv_message(sock):
    sock.settimeout(1)
    raise ValueError(sock.recv(65536))
