import socketserver


class MyServer(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            try:
                data = self.request.recv(1024)
                if not data:
                    break
                self.request.sendall(data)
            except ConnectionError:
                break


def serve(host, port):
    server = socketserver.ThreadingTCPServer((host, port), MyServer)
    server.allow_reuse_address = True
    server.serve_forever()
