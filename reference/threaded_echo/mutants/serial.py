# kills: threaded_echo.clients.idle-neighbour
# TCPServer instead of ThreadingTCPServer: one client after another.
import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            self.request.sendall(data)


class EchoServer(socketserver.TCPServer):
    allow_reuse_address = True


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        server.serve_forever()
