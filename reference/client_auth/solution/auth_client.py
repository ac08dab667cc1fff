"""The model answer: exactly 32 bytes in, exactly 32 out, and then as many back for every line as were sent."""

import hashlib
import socket
from collections.abc import Iterable

SIZE = 32  # bytes of the challenge


def chat(host: str, port: int, secret: bytes, lines: Iterable[str]) -> list[str]:
    answers: list[str] = []
    with socket.create_connection((host, port)) as sock:
        challenge = receive_exactly(sock, SIZE)
        sock.sendall(hashlib.md5(secret + challenge).hexdigest().encode())
        for line in lines:
            try:
                answers.append(say(sock, line))
            except ConnectionError as e:
                if any(answers):
                    raise
                raise PermissionError("the server has refused this client") from e
    return answers


def say(sock: socket.socket, line: str) -> str:
    """Sends one line and returns the answer, which has as many bytes."""
    data = line.encode()
    sock.sendall(data)
    return receive_exactly(sock, len(data)).decode()


def receive_exactly(sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            raise ConnectionError(f"the server has ended after {len(data)} of {size} bytes")
        data += piece
    return data


if __name__ == "__main__":
    print(chat("127.0.0.1", 9000, b"let me in", ["hello", "how are you?"]))
