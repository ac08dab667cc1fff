# kills: threaded_echo.listen.arguments
# Takes the port, but ignores the host.
import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        data = self.request.recv(4096)
        while data:
            self.request.sendall(data)
            data = self.request.recv(4096)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    with EchoServer(('', port), EchoHandler) as server:
        server.serve_forever()
