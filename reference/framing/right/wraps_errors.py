"""Turns every error into one of the two kinds, and looks at the text before it is encoded."""

import contextlib
import struct


class ProtocolError(ValueError):
    """The peer does not keep the rules."""


class PeerLost(ConnectionError):
    """The peer has gone before its time."""


@contextlib.contextmanager
def translated():
    try:
        yield
    except UnicodeError as e:
        raise ProtocolError(f"not UTF-8: {e}") from e
    except OSError as e:
        raise PeerLost(str(e)) from e


def send_message(sock, text):
    if len(text) > 1048576 or len(text.encode()) > 1048576:
        raise ProtocolError("too long")
    with translated():
        sock.sendall(struct.pack("<i", len(text.encode())))
        sock.sendall(text.encode())


def recv_message(sock):
    with translated():
        head = b"".join(iter_exactly(sock, 4))
        if not head:
            return None
        if len(head) < 4:
            raise PeerLost("in the header")
        size = int.from_bytes(head, "little", signed=True)
        if not 0 <= size <= 1048576:
            raise ProtocolError(f"length {size}")
        body = b"".join(iter_exactly(sock, size))
        if len(body) < size:
            raise PeerLost("in the message")
        return body.decode()


def iter_exactly(sock, size):
    while size:
        chunk = sock.recv(size)
        if not chunk:
            return
        size -= len(chunk)
        yield chunk
