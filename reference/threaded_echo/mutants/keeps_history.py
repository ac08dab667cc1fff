# kills: threaded_echo.load.memory
# Every message of every client is kept for ever.
import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    history = []

    def handle(self):
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            self.history.append(data)
            self.request.sendall(data)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        server.serve_forever()
