"""The socket as a file: shorter, at the price that a second stream may be read by the first one's buffer."""

import struct


def split(data, size=65536):
    if size < 1:
        raise ValueError(size)
    start = 0
    while start < len(data):
        yield data[start : start + size]
        start += size


def merge(pieces):
    return b"".join(pieces)


def send_stream(sock, source):
    with sock.makefile("wb") as out:
        for piece in iter(lambda: source.read(30_000), b""):
            out.write(struct.pack("<I", len(piece)))
            out.write(piece)
        out.write(bytes(4))


def recv_stream(sock, sink):
    total = 0
    with sock.makefile("rb") as stream:
        while True:
            n = int.from_bytes(exactly(stream, 4), "little", signed=True)
            if n == 0:
                return total
            if n < 0 or n > 65536:
                raise ValueError(n)
            sink.write(exactly(stream, n))
            total += n


def exactly(stream, n):
    data = stream.read(n)
    if len(data) != n:
        raise ConnectionAbortedError("no end frame")
    return data
