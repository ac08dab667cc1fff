"""Receives in blocks and keeps what is left over for the next frame; writes a piece as its parts come."""

import struct
from io import BytesIO


class Frames:
    def __init__(self, sock):
        self.sock, self.rest = sock, bytearray()

    def need(self, n):
        while len(self.rest) < n:
            block = self.sock.recv(8192)
            if not block:
                raise ConnectionError(f"{n - len(self.rest)} bytes are missing")
            self.rest += block
        taken = bytes(self.rest[:n])
        del self.rest[:n]
        return taken

    def __iter__(self):
        while True:
            (n,) = struct.unpack("<i", self.need(4))
            if n < 0 or n > 65536:
                raise ValueError("impossible length: %d" % n)
            if n == 0:
                return
            while n:
                part = self.need(min(n, 5000))
                n -= len(part)
                yield part


def split(data, size=65536):
    if size < 1:
        raise ValueError("size must be at least one")
    source = BytesIO(data)
    return iter(lambda: source.read(size), b"")


def merge(pieces):
    out = BytesIO()
    out.writelines(pieces)
    return out.getvalue()


def send_stream(sock, source):
    waiting = bytearray()
    while True:
        block = source.read(50_000)
        waiting += block
        while len(waiting) >= 65536 or (waiting and not block):
            piece = waiting[:65536]
            del waiting[:65536]
            sock.sendall(struct.pack("<i", len(piece)) + piece)
        if not block:
            break
    sock.sendall(struct.pack("<i", 0))


def recv_stream(sock, sink):
    total = 0
    for part in Frames(sock):
        total += sink.write(part)
    return total
