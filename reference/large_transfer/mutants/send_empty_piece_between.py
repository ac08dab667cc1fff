# kills: large_transfer.send.sizes
# split makes an empty piece where the data fits exactly, and that is sent as an end frame in the middle

import struct

SIZE = 65536


def split(data, size=SIZE):
    if size < 1:
        raise ValueError(size)
    for i in range(len(data) // size + 1):
        yield data[i * size:(i + 1) * size]


def merge(pieces):
    return b"".join(pieces)


def send_stream(sock, source):
    while block := source.read(SIZE):
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
    while True:
        n = struct.unpack("<i", recv_exactly(sock, 4))[0]
        if n < 0 or n > SIZE:
            raise ValueError("bad length %d" % n)
        if n == 0:
            return total
        sink.write(recv_exactly(sock, n))
        total += n
