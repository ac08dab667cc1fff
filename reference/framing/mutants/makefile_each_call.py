# kills: framing.recv.glued, framing.recv.any-cut
# A new buffered file for every message: what it has read ahead is lost with it.

import struct


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1048576:
        raise ValueError("message too long")
    sock.sendall(struct.pack("<i", len(data)) + data)


def recv_message(sock):
    with sock.makefile("rb") as f:
        head = f.read(4)
        if not head:
            return None
        if len(head) < 4:
            raise ConnectionError("header cut short")
        (n,) = struct.unpack("<i", head)
        if n < 0 or n > 1048576:
            raise ValueError("bad length")
        body = f.read(n)
        if len(body) < n:
            raise ConnectionError("message cut short")
        return body.decode("utf-8")
