# kills: large_transfer.send.large, large_transfer.recv.random

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
    piece = source.read(4096)
    sock.sendall(struct.pack("<i", len(piece)) + piece)
    if piece:
        send_stream(sock, source)


def recv_exactly(sock, n):
    data = b""
    while len(data) < n:
        chunk = sock.recv(n - len(data))
        if not chunk:
            raise ConnectionError("the connection ended too early")
        data += chunk
    return data


def recv_stream(sock, sink):
    n = struct.unpack("<i", recv_exactly(sock, 4))[0]
    if n < 0 or n > SIZE:
        raise ValueError("bad length %d" % n)
    if n == 0:
        return 0
    sink.write(recv_exactly(sock, n))
    return n + recv_stream(sock, sink)
