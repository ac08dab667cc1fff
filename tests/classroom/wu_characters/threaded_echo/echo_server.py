import socketserver


class MyServer(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            try:
                data = self.request.recv(1024)
            except ConnectionResetError:
                break
            if not data:
                break
            self.request.sendall(data)


class Server(socketserver.TCPServer):
    allow_reuse_address = True


def serve(host, port):
    Server((host, port), MyServer).serve_forever()
