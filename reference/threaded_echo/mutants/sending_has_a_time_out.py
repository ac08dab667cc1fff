# kills: threaded_echo.echo.backpressure
"""A client that does not read for a second while it is sent to is hung up on."""

import contextlib
import signal
import socketserver
import sys


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError):
            while True:
                self.request.settimeout(None)
                data = self.request.recv(65_536)
                if not data:
                    return
                self.request.settimeout(1)
                self.request.sendall(data)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True  # looked at while binding: afterwards it would come too late
    daemon_threads = True  # a client that stays does not keep the program from ending
    request_queue_size = 128  # connections that may wait to be accepted


def serve(host: str, port: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with EchoServer((host, port), EchoHandler) as server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    serve("127.0.0.1", 9000)
