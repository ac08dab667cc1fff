from socketserver import BaseRequestHandler, ThreadingTCPServer


class Handler(BaseRequestHandler):
    def handle(self):
        recv, send = self.request.recv, self.request.sendall
        try:
            for data in iter(lambda: recv(32768), b""):
                send(data)
        except OSError:
            return


ThreadingTCPServer.allow_reuse_address = True
ThreadingTCPServer.daemon_threads = True
ThreadingTCPServer.request_queue_size = 200


def serve(host, port):
    ThreadingTCPServer((host, port), Handler).serve_forever()
