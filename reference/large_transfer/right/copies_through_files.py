"""Everything is a file: frames on the way out and on the way in are classes of their own; shutil copies."""

import io
import shutil
import struct


class FrameWriter(io.RawIOBase):
    def __init__(self, sock):
        self.sock = sock

    def writable(self):
        return True

    def write(self, data):
        for piece in split(memoryview(data)):
            self.sock.sendall(struct.pack("<i", len(piece)))
            self.sock.sendall(piece)
        return len(data)


class FrameReader(io.RawIOBase):
    def __init__(self, sock):
        self.sock, self.left, self.ended = sock, 0, False

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self.left and not self.ended:
            (self.left,) = struct.unpack("<i", self._exactly(4))
            if self.left < 0 or self.left > 65536:
                raise ValueError(self.left)
            self.ended = self.left == 0
        if self.ended:
            return 0
        n = self.sock.recv_into(buffer, min(self.left, len(buffer)))
        if n == 0:
            raise ConnectionError("the peer has gone")
        self.left -= n
        return n

    def _exactly(self, n):
        data = b""
        while len(data) < n:
            more = self.sock.recv(n - len(data))
            if not more:
                raise ConnectionError("the peer has gone")
            data += more
        return data


class Counter(io.RawIOBase):
    def __init__(self, sink):
        self.sink, self.total = sink, 0

    def writable(self):
        return True

    def write(self, data):
        self.sink.write(data)
        self.total += len(data)
        return len(data)


def split(data, size=65536):
    if size < 1:
        raise ValueError("size")
    return tuple(data[i : i + size] for i in range(0, len(data), size))


def merge(pieces):
    with io.BytesIO() as f:
        for p in pieces:
            f.write(p)
        return f.getvalue()


def send_stream(sock, source):
    shutil.copyfileobj(source, FrameWriter(sock), 100_000)
    sock.sendall(struct.pack("<i", 0))


def recv_stream(sock, sink):
    counter = Counter(sink)
    shutil.copyfileobj(FrameReader(sock), counter)
    return counter.total
