"""Echo over the files that StreamRequestHandler makes of the socket."""

import socketserver


class Echo(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while chunk := self.rfile.read1(16384):
            self.wfile.write(chunk)

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            pass  # the client is gone, and so is what it had not read


class EchoServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256


def serve(host: str, port: int) -> None:
    with EchoServer((host, port), Echo) as server:
        server.serve_forever()
