# kills: threaded_echo.echo.short-io
# send() for sendall(): on a blocking socket the system mostly takes everything, so it seldom shows.
import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            self.request.send(data)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        server.serve_forever()
