# kills: threaded_echo.echo.one
# Collects until the client's end and answers only then.
import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        total = b''
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            total += data
        self.request.sendall(total)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    EchoServer((host, port), EchoHandler).serve_forever()
