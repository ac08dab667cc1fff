"""Reads as much as there is and keeps what is left over, for each socket by itself."""

import weakref

LIMIT = 1_048_576


class Inbox:
    def __init__(self):
        self.data = bytearray()
        self.ended = False

    def fill(self, sock, size):
        """True once `size` bytes are here."""
        while len(self.data) < size and not self.ended:
            piece = sock.recv(65536)
            self.data += piece
            self.ended = not piece
        return len(self.data) >= size

    def take(self, size):
        piece = bytes(self.data[:size])
        del self.data[:size]
        return piece


_inboxes = weakref.WeakKeyDictionary()


def send_message(sock, text):
    body = text.encode("utf-8")
    if len(body) > LIMIT:
        raise ValueError("too long")
    sock.sendall(len(body).to_bytes(4, "little") + body)


def recv_message(sock):
    inbox = _inboxes.setdefault(sock, Inbox())
    if not inbox.fill(sock, 4):
        if inbox.data:
            raise ConnectionError("ended in a header")
        return None
    size = int.from_bytes(inbox.data[:4], "little", signed=True)
    if not 0 <= size <= LIMIT:
        raise ValueError(f"length {size}")
    if not inbox.fill(sock, 4 + size):
        raise ConnectionError("ended in a body")
    return inbox.take(4 + size)[4:].decode("utf-8")
