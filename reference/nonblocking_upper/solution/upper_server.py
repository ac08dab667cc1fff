"""非阻塞 IO / Non-blocking server: one thread asks the operating system who is ready and never waits for one client."""

import contextlib
import selectors
import socket

PIECE = 64 * 1024  # bytes taken by one recv
LIMIT = 1024 * 1024  # bytes that may wait for one client; while more do, nothing is read from it

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Client:
    """One connection, and the bytes that are still due to it."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)  # on Linux an accepted socket is a blocking one, whatever its listener is
        self.sock = sock
        self.queue = bytearray()
        self.ended = False

    def go_on(self) -> int:
        """Moves what can be moved now; returns the events to wait for, or 0 where the conversation is over."""
        try:
            if not self.ended and len(self.queue) < LIMIT:
                self.read()
            if self.queue:
                self.write()
        except OSError:  # the client has broken off
            return 0
        reading = not self.ended and len(self.queue) < LIMIT
        return READ * reading | WRITE * bool(self.queue)

    def read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            data = self.sock.recv(PIECE)
            self.queue += data.upper()
            self.ended = not data

    def write(self) -> None:
        with contextlib.suppress(BlockingIOError):
            del self.queue[: self.sock.send(self.queue)]


def serve(host: str, port: int) -> None:
    with selectors.DefaultSelector() as selector, socket.create_server((host, port), backlog=128) as listener:
        listener.setblocking(False)
        selector.register(listener, READ)
        while True:
            for key, _ in selector.select():
                if key.data is None:
                    accept(listener, selector)
                else:
                    go_on(key.data, selector)


def accept(listener: socket.socket, selector: selectors.BaseSelector) -> None:
    with contextlib.suppress(OSError):  # the caller has gone again, or there is no file descriptor left just now
        sock, _ = listener.accept()
        selector.register(sock, READ, Client(sock))


def go_on(client: Client, selector: selectors.BaseSelector) -> None:
    events = client.go_on()
    if events:
        selector.modify(client.sock, events, client)
    else:
        selector.unregister(client.sock)
        client.sock.close()


if __name__ == "__main__":
    serve("127.0.0.1", 9000)
