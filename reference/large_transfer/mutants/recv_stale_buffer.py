# kills: large_transfer.recv.one

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
    while True:
        piece = source.read(SIZE)
        if not piece:
            break
        sock.sendall(struct.pack("<i", len(piece)) + piece)
    sock.sendall(struct.pack("<i", 0))


def recv_stream(sock, sink):
    buffer = bytearray(SIZE)
    total = 0
    while True:
        fill(sock, memoryview(buffer)[:4])
        n = struct.unpack("<i", buffer[:4])[0]
        if n < 0 or n > SIZE:
            raise ValueError(n)
        if n == 0:
            return total
        fill(sock, memoryview(buffer)[:n])
        sink.write(buffer)
        total += n


def fill(sock, view):
    while view:
        n = sock.recv_into(view)
        if not n:
            raise ConnectionError("no end")
        view = view[n:]
