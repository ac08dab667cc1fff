# kills: threaded_echo.clients.five-hundred
# A hundred workers are not enough for clients that stay.
import socketserver
from concurrent.futures import ThreadPoolExecutor


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            self.request.sendall(data)


class PoolServer(socketserver.TCPServer):
    allow_reuse_address = True
    pool = ThreadPoolExecutor(max_workers=100)

    def work(self, request, client_address):
        try:
            self.finish_request(request, client_address)
        except Exception:
            self.handle_error(request, client_address)
        finally:
            self.shutdown_request(request)

    def process_request(self, request, client_address):
        self.pool.submit(self.work, request, client_address)


def serve(host, port):
    with PoolServer((host, port), EchoHandler) as server:
        server.serve_forever()
