# kills: threaded_echo.echo.half-close
# SO_LINGER 0 against TIME_WAIT: close() throws away what was not sent yet, and resets the connection.
import socket
import socketserver
import struct


class EchoHandler(socketserver.BaseRequestHandler):
    def setup(self):
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))

    def handle(self):
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            self.request.sendall(data)
        self.request.close()


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        server.serve_forever()
