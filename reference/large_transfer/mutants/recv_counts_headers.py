# kills: large_transfer.recv.count

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
    while True:
        n = struct.unpack("<i", recv_exactly(sock, 4))[0]
        total += 4
        if n < 0 or n > SIZE:
            raise ValueError("bad length %d" % n)
        if n == 0:
            return total
        sink.write(recv_exactly(sock, n))
        total += n
