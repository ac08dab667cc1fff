"""TCP chat: the server. It speaks first, and talks with one client after another."""

import contextlib
import socket

LIMIT = 1024  # bytes of a message
QUIT = ("Q", "q")


def serve(host: str, port: int) -> None:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((host, port))
        server.listen()
        while True:
            conn, _ = server.accept()
            with conn, contextlib.suppress(OSError, UnicodeDecodeError):  # one that has gone, or talks nonsense
                converse(conn)


def converse(conn: socket.socket) -> None:
    """We speak, they speak, until one of us has had enough."""
    while True:
        line = ask()
        if line is None:
            return
        conn.sendall(line.encode())
        if line in QUIT:
            return
        text = conn.recv(LIMIT).decode()
        if text in ("", *QUIT):
            return
        print(text)


def ask() -> str | None:
    """A line that can be sent; None at the end of the input."""
    while True:
        try:
            line = input()
        except EOFError:
            return None
        if 1 <= len(line.encode()) <= LIMIT:
            return line


if __name__ == "__main__":
    serve("127.0.0.1", 9000)
