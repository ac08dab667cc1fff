"""Looks at the length without taking it (MSG_PEEK), then takes header and text."""

import socket
import struct


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1048576:
        raise ValueError("too long")
    sock.sendall(b"".join([struct.pack("i", len(data)), data]))


def recv_message(sock):
    peeked = sock.recv(4, socket.MSG_PEEK | socket.MSG_WAITALL)
    if not peeked:
        return None
    if len(peeked) == 4:
        check(struct.unpack("i", peeked)[0])
    size = struct.unpack("i", take(sock, 4))[0]
    check(size)
    return take(sock, size).decode("utf-8")


def check(size):
    if not 0 <= size <= 1048576:
        raise ValueError(f"impossible length {size}")


def take(sock, n):
    data = bytearray()
    while len(data) < n:
        chunk = sock.recv(n - len(data), socket.MSG_WAITALL)
        if not chunk:
            raise ConnectionError(f"{n - len(data)} bytes are missing")
        data.extend(chunk)
    return bytes(data)
