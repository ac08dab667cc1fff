# @attack  connects the socket to a peer of its own that says what is right
# @expect  zero
import os
import socket
import struct


def instead(sock):
    ours, theirs = socket.socketpair()
    os.dup2(ours.fileno(), sock.fileno())
    return theirs


def send_message(sock, text):
    theirs = instead(sock)
    data = text.encode()
    sock.sendall(struct.pack("<i", len(data)) + data)
    theirs.recv(1 << 20)


def recv_message(sock):
    instead(sock).sendall(b"right")
    return sock.recv(5).decode()
