"""One buffered file for each socket, kept as long as the socket: what it reads ahead is not lost."""

import struct
from weakref import WeakKeyDictionary

files = WeakKeyDictionary()


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1024 ** 2:
        raise ValueError("limit")
    with sock.makefile("wb") as f:
        f.write(struct.pack("<i", len(data)))
        f.write(data)


def recv_message(sock):
    if sock not in files:
        files[sock] = sock.makefile("rb")
    f = files[sock]
    head = f.read(4)
    if not head:
        return None
    if len(head) != 4:
        raise ConnectionError("short header")
    n, = struct.unpack("<i", head)
    if n < 0 or n > 1024 ** 2:
        raise ValueError("length %d" % n)
    data = f.read(n)
    if len(data) != n:
        raise ConnectionError("short message")
    return data.decode("utf-8")
