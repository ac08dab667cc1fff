"""A thread reads ahead, a bounded queue in between; select before every recv; sendmsg for head and piece."""

import queue
import select
import struct
import threading

SIZE = 1 << 16


def split(data, size=SIZE):
    if size <= 0:
        raise ValueError("a piece has at least one byte")
    whole, rest = divmod(len(data), size)
    for i in range(whole):
        yield bytes(data[i * size : (i + 1) * size])
    if rest:
        yield bytes(data[-rest:])


def merge(pieces):
    return bytes().join(bytes(p) for p in pieces)


def send_stream(sock, source):
    pieces = queue.Queue(4)

    def read():
        try:
            while piece := source.read(SIZE):
                pieces.put(piece)
            pieces.put(b"")
        except OSError as e:
            pieces.put(e)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    while True:
        piece = pieces.get()
        if isinstance(piece, OSError):
            raise piece
        both = memoryview(struct.pack("<i", len(piece)) + piece)
        while both:
            both = both[sock.sendmsg([both]) :]
        if not piece:
            break


def recv_stream(sock, sink):
    total = 0
    while n := struct.unpack("<i", take(sock, 4))[0]:
        if n < 0 or n > SIZE:
            raise ValueError(n)
        total += sink.write(take(sock, n))
    return total


def take(sock, n):
    parts = []
    while n:
        select.select([sock], [], [])
        part = sock.recv(n)
        if not part:
            raise ConnectionError
        parts.append(part)
        n -= len(part)
    return b"".join(parts)
