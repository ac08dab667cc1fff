# kills: large_transfer.recv.header-split, large_transfer.recv.payload-split, large_transfer.recv.glued

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
    total = 0
    while True:
        data = sock.recv(4 + SIZE)
        if not data:
            raise ConnectionError("no end")
        n = struct.unpack("<i", data[:4])[0]
        if n < 0 or n > SIZE:
            raise ValueError(n)
        if n == 0:
            return total
        sink.write(data[4:])
        total += len(data) - 4
