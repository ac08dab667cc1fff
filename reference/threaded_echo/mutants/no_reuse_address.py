# kills: threaded_echo.listen.restart, threaded_echo.listen.restart-after-kill
# SO_REUSEADDR is not set at all (socketserver's default).
import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            self.request.sendall(data)


def serve(host, port):
    server = socketserver.ThreadingTCPServer((host, port), EchoHandler)
    server.daemon_threads = True
    server.serve_forever()
