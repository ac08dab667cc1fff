"""Reads ahead, and keeps what is left over, for each socket apart."""

import struct
import weakref

LIMIT = 1048576
_rest = weakref.WeakKeyDictionary()


def send_message(sock, text):
    body = text.encode()
    if len(body) > LIMIT:
        raise ValueError("over the limit")
    sock.sendall(struct.pack("<I", len(body)) + body)


def recv_message(sock):
    rest = _rest.setdefault(sock, bytearray())
    if not _have(sock, rest, 4):
        if rest:
            raise ConnectionError("the stream ended in a header")
        return None
    size = struct.unpack_from("<i", rest)[0]
    if size < 0 or size > LIMIT:
        raise ValueError("not a length: %d" % size)
    if not _have(sock, rest, 4 + size):
        raise ConnectionError("the stream ended in a message")
    body = bytes(rest[4 : 4 + size])
    del rest[: 4 + size]
    return body.decode()


def _have(sock, rest, size):
    while len(rest) < size:
        data = sock.recv(4096)
        if not data:
            return False
        rest += data
    return True
