# kills: threaded_echo.echo.any-bytes
# Drops whatever is not UTF-8.
import socketserver


class MyServer(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            text = data.decode('utf-8', errors='ignore')
            self.request.sendall(text.encode('utf-8'))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    Server((host, port), MyServer).serve_forever()
