"""send() in a loop that goes by what it returned; a class does the reading, a generator the counting."""

import struct


class Reader:
    def __init__(self, sock):
        self.sock = sock

    def pieces(self, n):
        while n > 0:
            piece = self.sock.recv(min(n, 1024))
            if not piece:
                return
            n -= len(piece)
            yield piece

    def exactly(self, n):
        data = b"".join(self.pieces(n))
        if 0 < len(data) < n:
            raise ConnectionError("cut off")
        return data


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1048576:
        raise ValueError("more than 1 MiB")
    data = struct.pack("=i", len(data)) + data
    total = 0
    while total < len(data):
        total += sock.send(data[total : total + 1024])


def recv_message(sock):
    reader = Reader(sock)
    head = reader.exactly(4)
    if not head:
        return None
    n = struct.unpack("=i", head)[0]
    if n > 1048576 or n < 0:
        raise ValueError("limit")
    if n == 0:
        return ""
    body = reader.exactly(n)
    if not body:
        raise ConnectionError("nothing after the length")
    try:
        return body.decode("utf-8", "strict")
    except UnicodeDecodeError as e:
        raise ValueError("not UTF-8") from e
