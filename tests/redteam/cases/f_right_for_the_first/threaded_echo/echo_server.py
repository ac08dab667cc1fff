# @attack  a server that is right for its first client and wrong for all others
# @expect  fails
import socketserver


class Handler(socketserver.BaseRequestHandler):
    served = 0

    def handle(self):
        Handler.served += 1
        wrong = Handler.served > 1
        while data := self.request.recv(4096):
            self.request.sendall(data[::-1] if wrong else data)


def serve(host, port):
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer((host, port), Handler) as server:
        server.serve_forever()
