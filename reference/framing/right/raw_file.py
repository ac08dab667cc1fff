"""An unbuffered file over the socket: read(n) reads once and may give less."""

import struct


def send_message(sock, text):
    data = text.encode()
    if not len(data) <= 1_048_576:
        raise ValueError(len(data))
    raw = sock.makefile("wb", 0)
    view = memoryview(struct.pack("<i", len(data)) + data)
    while view:
        view = view[raw.write(view):]


def recv_message(sock):
    raw = sock.makefile("rb", buffering=0)
    head = read_all(raw, 4)
    if not head:
        return None
    if len(head) < 4:
        raise ConnectionError("EOF in header")
    size = struct.unpack("<i", head)[0]
    if size < 0 or size > 1_048_576:
        raise ValueError(size)
    body = read_all(raw, size)
    if len(body) < size:
        raise ConnectionError("EOF in body")
    return body.decode()


def read_all(raw, size):
    data = b""
    while len(data) < size:
        part = raw.read(size - len(data))
        if not part:
            break
        data += part
    return data
