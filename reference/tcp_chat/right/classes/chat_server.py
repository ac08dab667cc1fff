import socketserver
import sys


class Handler(socketserver.BaseRequestHandler):
    def lines(self):
        """What is to be said, line by line, to the end of the input."""
        for line in sys.stdin:
            line = line.removesuffix("\n")
            if line and len(line.encode()) <= 1024:
                yield line

    def handle(self):
        for line in self.lines():
            self.request.sendall(line.encode())
            if line in ["q", "Q"]:
                break
            answer = str(self.request.recv(1 << 16), "utf8")
            if not answer or answer in ["q", "Q"]:
                break
            print(f"{self.client_address[0]}: {answer}")


class Server(socketserver.TCPServer):
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        print("lost", client_address, file=sys.stderr)


def serve(host, port):
    with Server((host, port), Handler) as server:
        server.serve_forever()
