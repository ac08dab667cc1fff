# kills: threaded_echo.clients.fifty
# The buffer is an attribute of the server: all threads write into the same one.
import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            self.server.buffer += data
            while self.server.buffer:
                self.request.sendall(self.server.buffer[:512])
                self.server.buffer = self.server.buffer[512:]


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    buffer = b''


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        server.serve_forever()
