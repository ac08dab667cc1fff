import io
import struct

LIMIT = 1024 * 1024


class Frames:
    """Frames read from a raw file. The file has no buffer: what belongs to the next call stays in the socket."""

    def __init__(self, raw: io.RawIOBase):
        self.raw = raw

    def exactly(self, n):
        parts = []
        while n > 0:
            part = self.raw.read(n)
            if not part:
                break
            parts.append(part)
            n -= len(part)
        return b"".join(parts), n

    def next(self):
        head, missing = self.exactly(4)
        if missing == 4:
            return None
        if missing:
            raise ConnectionError("end of stream in a header")
        length = int.from_bytes(head, "little", signed=True)
        if length < 0 or length > LIMIT:
            raise ValueError(length)
        body, missing = self.exactly(length)
        if missing:
            raise ConnectionError("end of stream in a body")
        return body.decode()


def send_message(sock, text):
    body = text.encode()
    if len(body) > LIMIT:
        raise ValueError(len(body))
    with sock.makefile("wb") as out:
        out.write(struct.pack("<i", len(body)))
        out.write(body)


def recv_message(sock):
    with sock.makefile("rb", buffering=0) as raw:
        return Frames(raw).next()
