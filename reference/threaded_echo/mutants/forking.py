# kills: threaded_echo.clients.fifty, threaded_echo.stop.terminate
# A process per client, at most 40 of them (socketserver's default), and nobody ends them.
import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            self.request.sendall(data)


class EchoServer(socketserver.ForkingTCPServer):
    allow_reuse_address = True


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        server.serve_forever()
