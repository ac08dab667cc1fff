import socketserver


class MyServer(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            try:
                msg = self.request.recv(1024).decode('utf-8')
                if not msg:
                    break
                print(msg)
                self.request.sendall(msg.encode('utf-8'))
            except ConnectionError:
                break


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    Server((host, port), MyServer).serve_forever()
