# kills: threaded_echo.echo.backpressure
# send() on a socket with a time limit takes what fits into the buffer, and the rest is lost.
import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.settimeout(60)
        while True:
            data = self.request.recv(1024 * 1024)
            if not data:
                break
            self.request.send(data)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        server.serve_forever()
