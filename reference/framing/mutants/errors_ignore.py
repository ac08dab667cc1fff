# kills: framing.recv.invalid-utf8
# decode(errors='ignore').

import socket
import struct

LIMIT = 1_048_576


def send_message(sock: socket.socket, text: str) -> None:
    body = text.encode()
    if len(body) > LIMIT:
        raise ValueError(f"{len(body)} > {LIMIT}")
    header = struct.pack("<i", len(body))
    sock.sendall(header)
    sock.sendall(body)


def _read(sock: socket.socket, count: int) -> bytes:
    parts = []
    while count:
        part = sock.recv(min(count, 65536))
        if not part:
            break
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def recv_message(sock: socket.socket) -> str | None:
    header = _read(sock, 4)
    if not header:
        return None
    if len(header) != 4:
        raise ConnectionError("EOF in header")
    (length,) = struct.unpack("<i", header)
    if not 0 <= length <= LIMIT:
        raise ValueError(f"length {length}")
    body = _read(sock, length)
    if len(body) != length:
        raise ConnectionError("EOF in body")
    return body.decode("utf-8", "ignore")
