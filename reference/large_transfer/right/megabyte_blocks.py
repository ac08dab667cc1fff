"""Reads and writes a mebibyte at a time, and splits it on the way."""

import struct

SIZE = 65536


def split(data, size=SIZE):
    if size < 1:
        raise ValueError("size must be at least 1")
    for start in range(0, len(data), size):
        yield data[start:start + size]


def merge(pieces):
    return b"".join(pieces)


def send_stream(sock, source):
    while block := source.read(1 << 20):
        for piece in split(block):
            sock.sendall(struct.pack("<i", len(piece)) + piece)
    sock.sendall(struct.pack("<i", 0))


def recv_exactly(sock, n):
    data = b""
    while len(data) < n:
        chunk = sock.recv(n - len(data))
        if not chunk:
            raise ConnectionError("the connection ended too early")
        data += chunk
    return data


def recv_stream(sock, sink):
    total = 0
    block = bytearray()
    while True:
        n = struct.unpack("<i", recv_exactly(sock, 4))[0]
        if n < 0 or n > SIZE:
            raise ValueError(n)
        if n == 0:
            sink.write(block)
            return total
        block += recv_exactly(sock, n)
        total += n
        if len(block) > 1 << 20:
            sink.write(block)
            block.clear()
