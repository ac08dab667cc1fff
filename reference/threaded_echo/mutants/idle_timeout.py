# kills: threaded_echo.clients.idle-kept
# A client that says nothing for three seconds is cut off.
import socketserver


class EchoHandler(socketserver.StreamRequestHandler):
    timeout = 3

    def handle(self):
        try:
            while True:
                data = self.request.recv(1024)
                if not data:
                    break
                self.request.sendall(data)
        except TimeoutError:
            print('太久没说话', self.client_address)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        server.serve_forever()
