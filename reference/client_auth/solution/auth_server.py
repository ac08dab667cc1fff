"""The model answer: a challenge of its own for every client, five seconds for the whole digest, then the echo."""

import contextlib
import hashlib
import hmac
import os
import signal
import socketserver
import sys
import time

SIZE = 32  # bytes of the challenge, and of the digest
PATIENCE = 5.0  # seconds for the digest


class AuthHandler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(OSError):  # too late, or vanished: either way nobody is left to talk to
            if self.knows_the_secret():
                self.request.settimeout(None)
                while data := self.request.recv(65_536):
                    self.request.sendall(data.upper())

    def knows_the_secret(self) -> bool:
        challenge = os.urandom(SIZE)
        self.request.sendall(challenge)
        expected = hashlib.md5(self.server.secret + challenge).hexdigest().encode()
        return hmac.compare_digest(self.receive_digest(), expected)

    def receive_digest(self) -> bytes:
        """32 bytes in however many pieces; fewer where the client has ended."""
        digest, deadline = b"", time.monotonic() + PATIENCE
        while len(digest) < SIZE:
            self.request.settimeout(max(deadline - time.monotonic(), 0))
            piece = self.request.recv(SIZE - len(digest))
            if not piece:
                break
            digest += piece
        return digest


class AuthServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], secret: bytes) -> None:
        self.secret = secret
        super().__init__(address, AuthHandler)


def serve(host: str, port: int, secret: bytes) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with AuthServer((host, port), secret) as server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    serve("127.0.0.1", 9000, b"let me in")
