import socketserver


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        if len(data) > 1024:
            return
        print(data.decode("utf-8"))
        sock.sendto("收到".encode("utf-8"), self.client_address)


def serve(host, port):
    with socketserver.UDPServer((host, port), Handler) as server:
        server.serve_forever()
