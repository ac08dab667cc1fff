# kills: threaded_echo.echo.long-stream
# Takes a recv of less than 1024 bytes for the end of a message, so a message of exactly 1024 bytes never ends.
import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    def read_message(self):
        message = b''
        while True:
            piece = self.request.recv(1024)
            message += piece
            if len(piece) < 1024:
                return message

    def handle(self):
        while True:
            message = self.read_message()
            if not message:
                break
            self.request.sendall(message)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        server.serve_forever()
