"""Length-prefixed text over a stream socket, without copying the body twice."""

import struct
from socket import socket

HEADER = struct.Struct("<i")
MAX_BODY = 1 << 20


def send_message(sock: socket, text: str) -> None:
    body = text.encode()
    if len(body) > MAX_BODY:
        raise ValueError(f"{len(body)} bytes do not fit into one message")
    sock.sendall(HEADER.pack(len(body)) + body)


def recv_message(sock: socket) -> str | None:
    header = bytearray(HEADER.size)
    if not _fill(sock, header, may_end=True):
        return None
    (length,) = HEADER.unpack(header)
    if length not in range(MAX_BODY + 1):
        raise ValueError(f"impossible length {length}")
    body = bytearray(length)
    _fill(sock, body)
    return str(body, "utf-8")


def _fill(sock: socket, buffer: bytearray, may_end: bool = False) -> bool:
    """Fills the buffer; False if the stream ended before its first byte and may do so."""
    view = memoryview(buffer)
    while view:
        count = sock.recv_into(view)
        if not count:
            if may_end and len(view) == len(buffer):
                return False
            raise ConnectionError("the stream ended inside a message")
        view = view[count:]
    return True
