# kills: large_transfer.send.one, large_transfer.recv.one

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
        data = source.read(1024)
        if not data:
            break
        sock.sendall(data)


def recv_stream(sock, sink):
    total = 0
    while True:
        data = sock.recv(1024)
        if not data:
            return total
        sink.write(data)
        total += len(data)
