# kills: framing.send.stalled-reader
"""Sending is given three seconds: a slow reader gets a part of the message."""

import socket
import struct

LIMIT = 1_048_576


def send_message(sock: socket.socket, text: str) -> None:
    body = text.encode("utf-8")
    if len(body) > LIMIT:
        raise ValueError(f"a message of {len(body)} bytes is longer than {LIMIT}")
    sock.settimeout(3)
    sock.sendall(struct.pack("<i", len(body)) + body)
    sock.settimeout(None)


def recv_message(sock: socket.socket) -> str | None:
    head = _recv_exactly(sock, 4)
    if not head:
        return None
    if len(head) < 4:
        raise ConnectionError("the peer ended inside a length")
    (size,) = struct.unpack("<i", head)
    if not 0 <= size <= LIMIT:
        raise ValueError(f"a length of {size}")
    body = _recv_exactly(sock, size)
    if len(body) < size:
        raise ConnectionError("the peer ended inside a message")
    return body.decode("utf-8")


def _recv_exactly(sock: socket.socket, size: int) -> bytes:
    """`size` bytes, or fewer if the peer ended before."""
    data = bytearray()
    while len(data) < size:
        chunk = sock.recv(size - len(data))
        if not chunk:
            break
        data += chunk
    return bytes(data)
