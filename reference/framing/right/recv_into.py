"""recv_into a buffer that was made once, through a memoryview."""

import socket
import struct

HEADER = struct.Struct("<i")
LIMIT = 1 << 20


class Cut(ConnectionError):
    pass


class BadFrame(ValueError):
    pass


def send_message(sock: socket.socket, text: str) -> None:
    body = text.encode()
    if len(body) > LIMIT:
        raise BadFrame(len(body))
    frame = bytearray(HEADER.size + len(body))
    HEADER.pack_into(frame, 0, len(body))
    frame[HEADER.size :] = body
    sock.sendall(frame)


def recv_message(sock: socket.socket) -> str | None:
    head = bytearray(HEADER.size)
    got = fill(sock, head)
    if got == 0:
        return None
    if got < HEADER.size:
        raise Cut(f"{got} of {HEADER.size} bytes")
    (size,) = HEADER.unpack(head)
    if size < 0 or size > LIMIT:
        raise BadFrame(size)
    body = bytearray(size)
    if fill(sock, body) < size:
        raise Cut("message cut off")
    return str(body, "utf-8")


def fill(sock: socket.socket, buffer: bytearray) -> int:
    """Fills the buffer from the socket; returns how much of it was filled before the end."""
    view = memoryview(buffer)
    got = 0
    while got < len(buffer):
        count = sock.recv_into(view[got:], len(buffer) - got)
        if count == 0:
            return got
        got += count
    return got
