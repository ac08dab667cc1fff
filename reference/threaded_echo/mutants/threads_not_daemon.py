# kills: threaded_echo.stop.interrupt
# Ctrl-C ends serve_forever, but the program then waits for its clients' threads.
import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            self.request.sendall(data)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print('再见')
