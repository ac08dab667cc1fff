"""select() before every recv, as the chapter does it later."""

import select
import struct


def send_message(conn, text):
    payload = text.encode("utf-8")
    if len(payload) > 2 ** 20:
        raise ValueError("message too large")
    frame = struct.pack("<i", len(payload)) + payload
    while frame:
        select.select([], [conn], [])
        sent = conn.send(frame)
        frame = frame[sent:]


def recv_message(conn):
    head = read(conn, 4)
    if head is None:
        return None
    length, = struct.unpack("<i", head)
    if length < 0 or length > 2 ** 20:
        raise ValueError("bad length %r" % length)
    body = read(conn, length)
    if body is None:
        raise ConnectionError("no message after the length")
    return body.decode("utf-8")


def read(conn, n):
    """n bytes; None if the peer has ended before the first of them."""
    data = b""
    while len(data) < n:
        readable, _, _ = select.select([conn], [], [])
        if conn in readable:
            part = conn.recv(n - len(data))
            if not part and data:
                raise ConnectionError("ended after %d of %d bytes" % (len(data), n))
            if not part:
                return None
            data += part
    return data
