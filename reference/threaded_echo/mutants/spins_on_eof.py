# kills: threaded_echo.clients.eof-no-spin, threaded_echo.clients.fin-prompt
# Never looks whether recv returned b'': the thread goes round for ever.
import socketserver


class MyServer(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            data = self.request.recv(1024)
            self.request.sendall(data)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    Server((host, port), MyServer).serve_forever()
