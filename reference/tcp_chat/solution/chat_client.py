"""TCP chat: the client. It listens first."""

import socket

LIMIT = 1024  # bytes of a message
QUIT = ("Q", "q")


def chat(host: str, port: int) -> None:
    with socket.create_connection((host, port)) as sock:
        while True:
            text = sock.recv(LIMIT).decode()
            if text in ("", *QUIT):
                return
            print(text)
            line = ask()
            if line is None:
                return
            sock.sendall(line.encode())
            if line in QUIT:
                return


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
    chat("127.0.0.1", 9000)
