"""One buffer for each direction, filled again and again; memoryviews instead of copies."""

import struct

LIMIT = 64 * 1024
HEAD = struct.Struct("<i")


def split(data, size=LIMIT):
    if size < 1:
        raise ValueError("size < 1")
    view = memoryview(data)
    return [view[i : i + size] for i in range(0, len(view), size)]


def merge(pieces):
    whole = bytearray()
    for piece in pieces:
        whole += piece
    return whole


def send_stream(sock, source):
    frame = bytearray(HEAD.size + LIMIT)
    view = memoryview(frame)
    while n := source.readinto(view[HEAD.size :]):
        HEAD.pack_into(frame, 0, n)
        sock.sendall(view[: HEAD.size + n])
    sock.sendall(HEAD.pack(0))


def recv_stream(sock, sink):
    view = memoryview(bytearray(LIMIT))
    head, total = memoryview(bytearray(HEAD.size)), 0
    while True:
        fill(sock, head)
        (n,) = HEAD.unpack(head)
        if not 0 <= n <= LIMIT:
            raise ValueError(f"length {n}")
        if not n:
            return total
        fill(sock, view[:n])
        total += sink.write(view[:n])


def fill(sock, view):
    while view:
        n = sock.recv_into(view)
        if not n:
            raise ConnectionResetError("ended early")
        view = view[n:]
