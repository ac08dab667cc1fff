# kills: threaded_echo.clients.idle-neighbour
# The connection is kept in a class attribute, so everybody answers to the newest client.
import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    conn = None

    def setup(self):
        EchoHandler.conn = self.request

    def handle(self):
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            EchoHandler.conn.sendall(data)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        server.serve_forever()
