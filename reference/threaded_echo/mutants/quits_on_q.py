# kills: threaded_echo.echo.any-bytes
# A q ends the conversation, as in the chat exercise.
import socketserver


class MyServer(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            data = self.request.recv(1024)
            if not data or data.upper() == b'Q':
                break
            self.request.sendall(data)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    Server((host, port), MyServer).serve_forever()
