# kills: large_transfer.recv.what-follows
# the file reads ahead, and what it has read is lost with it

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
    with sock.makefile("rb") as stream:
        while True:
            head = stream.read(4)
            if len(head) < 4:
                raise ConnectionError("no end frame")
            n = struct.unpack("<i", head)[0]
            if n < 0 or n > SIZE:
                raise ValueError(n)
            if n == 0:
                return total
            piece = stream.read(n)
            if len(piece) < n:
                raise ConnectionError("no end frame")
            sink.write(piece)
            total += n
