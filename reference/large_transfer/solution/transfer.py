"""The model answer: one piece in memory at a time, an exact reader, sendall, and the length checked before all else."""

import socket
import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO

SIZE = 65_536


def split(data: bytes, size: int = SIZE) -> Iterator[bytes]:
    if size < 1:
        raise ValueError(f"pieces of {size} bytes")
    return (bytes(data[i : i + size]) for i in range(0, len(data), size))


def merge(pieces: Iterable[bytes]) -> bytes:
    return b"".join(pieces)


def send_stream(sock: socket.socket, source: BinaryIO) -> None:
    while piece := source.read(SIZE):
        sock.sendall(struct.pack("<i", len(piece)) + piece)
    sock.sendall(struct.pack("<i", 0))


def recv_stream(sock: socket.socket, sink: BinaryIO) -> int:
    total = 0
    while size := _recv_size(sock):
        sink.write(_recv_exactly(sock, size))
        total += size
    return total


def _recv_size(sock: socket.socket) -> int:
    (size,) = struct.unpack("<i", _recv_exactly(sock, 4))
    if not 0 <= size <= SIZE:
        raise ValueError(f"a piece of {size} bytes")
    return size


def _recv_exactly(sock: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        chunk = sock.recv(size - len(data))
        if not chunk:
            raise ConnectionError(f"the peer ended {size - len(data)} bytes early")
        data += chunk
    return bytes(data)
