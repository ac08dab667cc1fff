"""Gives the student's four functions data, sockets and files. Runs in the student's process: nothing here is secret.

Data is told as [unit, size]: so many bytes, made of a unit (in hex) that is repeated. What reaches a sink goes straight
on to our side over a second connection, so that it is compared there.
"""

import contextlib
import errno
import io
import itertools
import resource
import socket


def split(student, jobs, most):
    """Calls split once for each (data, further arguments, kind of the data) and takes at most `most` pieces of each."""
    with contextlib.suppress(OSError, ValueError):  # a list that never ends shall not fill the machine
        resource.setrlimit(resource.RLIMIT_DATA, (64 << 20, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    for data, args, kind in jobs:
        with contextlib.suppress(student.Failed):
            student.call("transfer", "split", KINDS[kind](spread(*data)), *args, then=lambda p: taken(p, most))


def merge(student, jobs, form):
    """Calls merge once for each list of pieces."""
    for pieces in jobs:
        with contextlib.suppress(student.Failed):
            student.call("transfer", "merge", FORMS[form]([spread(*p) for p in pieces]))


def roundtrip(student, jobs):
    """Hands to merge whatever split gives."""
    for data, args in jobs:
        pieces = student.call("transfer", "split", spread(*data), *args)
        student.call("transfer", "merge", pieces)


def timed(student, host, port, function, unit, piece, counts):
    """Calls split or merge with so many pieces, each time after a byte of the peer, who reads our processor time."""
    student.module("transfer")
    with socket.create_connection((host, port)) as desk:
        for count in counts:
            data = spread(unit, piece * count)
            pieces = Pieces(data[i : i + piece] for i in range(0, len(data), piece))
            desk.sendall(b"?")
            desk.recv(1)
            if function == "merge":
                student.call("transfer", "merge", pieces)
            else:
                student.call("transfer", "split", data, piece, then=lambda p, n=count: b"".join(taken(p, n + 1)))
        desk.sendall(b"?")
        desk.recv(1)


def send(student, host, port, data, reads=(), fails_at=None, timeout=None, buffer=None):
    """Connects and lets send_stream send a source."""
    student.module("transfer")
    with socket.socket() as sock:
        if buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
        sock.connect((host, port))
        sock.settimeout(timeout)
        raw = Source(*data, reads, fails_at)
        student.call("transfer", "send_stream", sock, raw if reads else File(raw))
        still_open(sock)


def receive(student, host, port, times=1, fails_at=None, timeout=None):
    """Connects twice and lets recv_stream receive so many streams, one after the other; the sink leads back."""
    student.module("transfer")
    with socket.create_connection((host, port)) as sock, socket.create_connection((host, port)) as back:
        sock.settimeout(timeout)
        sink = Sink(back, fails_at)
        for _ in range(times):
            student.call("transfer", "recv_stream", sock, sink)
        back.shutdown(socket.SHUT_WR)
        still_open(sock)


def receive_again(student, host, port):
    """Two streams, each on a connection of its own, one after the other in one process."""
    for _ in range(2):
        receive(student, host, port)


def still_open(sock):
    """One byte by our own hand: it arrives only if the socket was left open. Then waits for the peer's end."""
    with contextlib.suppress(OSError):
        sock.settimeout(None)
        sock.sendall(b"!")
        while sock.recv(65536):
            pass


class Source(io.RawIOBase):
    """A file that is never in memory. reads: most bytes of each read, in turn. fails_at: where the disk is broken."""

    def __init__(self, unit, size, reads=(), fails_at=None):
        self._unit, self._size, self._fails_at = bytes.fromhex(unit), size, fails_at
        self._block = spread(unit, 65536 + len(self._unit))
        self._reads = itertools.cycle(reads or (size + 1,))
        self._at = 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=io.SEEK_SET):
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def readinto(self, buffer):
        if self._fails_at is not None and self._at >= self._fails_at:
            raise OSError(errno.EIO, "Input/output error")
        view = memoryview(buffer).cast("B")
        size = max(0, min(len(view), self._size - self._at, next(self._reads)))
        for start in range(0, size, 65536):
            end = min(size, start + 65536)
            offset = (self._at + start) % len(self._unit)
            view[start:end] = self._block[offset : offset + end - start]
        self._at += size
        return size

    def __repr__(self):
        return "source"


class File(io.BufferedReader):
    """As open(path, "rb") gives it: read(n) gives n bytes unless the end is nearer."""

    def __repr__(self):
        return "source"


class Sink(io.RawIOBase):
    """A file that leads back to the peer. It takes all that it is given. fails_at: how much the disk holds."""

    def __init__(self, back, fails_at=None):
        self._back, self._fails_at, self._at = back, fails_at, 0

    def writable(self):
        return True

    def tell(self):
        return self._at

    def write(self, data):
        size = memoryview(data).nbytes
        if self._fails_at is not None and self._at + size > self._fails_at:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._back.sendall(data)
        self._at += size
        return size

    def __repr__(self):
        return "sink"


class Pieces(list):
    """A list that is not described piece by piece."""

    def __repr__(self):
        return f"[{len(self)} pieces]"


def spread(unit, size):
    """So many bytes, made of a unit in hex."""
    raw = bytes.fromhex(unit)
    return (raw * (size // len(raw) + 1))[:size]


def taken(pieces, most):
    """At most so many pieces; what is no iterable of pieces, as it is."""
    if isinstance(pieces, (bytes, bytearray, str)) or not hasattr(pieces, "__iter__"):
        return pieces
    return list(itertools.islice(pieces, most))


KINDS = {"bytes": bytes, "bytearray": bytearray, "memoryview": memoryview}
FORMS = {"list": list, "any": lambda pieces: (kind(p) for p, kind in zip(pieces, itertools.cycle(KINDS.values())))}
