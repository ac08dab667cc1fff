# kills: threaded_echo.clients.fifty
# What was received is kept in a class attribute, so all threads write into the same place.
import socketserver


class MyServer(socketserver.BaseRequestHandler):
    data = b''

    def handle(self):
        while True:
            MyServer.data = self.request.recv(1024)
            if not MyServer.data:
                break
            print(self.client_address, MyServer.data, flush=True)
            self.request.sendall(MyServer.data)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    Server((host, port), MyServer).serve_forever()
