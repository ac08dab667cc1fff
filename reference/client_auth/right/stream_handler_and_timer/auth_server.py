import hashlib
import os
import socket
import socketserver
import threading


class Handler(socketserver.StreamRequestHandler):
    """A timer that shuts the connection down, unless the digest comes first."""

    def handle(self):
        challenge = os.urandom(32)
        try:
            self.wfile.write(challenge)
            timer = threading.Timer(5.0, self.too_late)
            timer.daemon = True
            timer.start()
            digest = self.rfile.read(32)
            timer.cancel()
            if digest != hashlib.md5(self.server.secret + challenge).hexdigest().encode("ascii"):
                return
            while True:
                data = self.rfile.read1(65536)
                if not data:
                    break
                self.wfile.write(data.upper())
        except OSError:
            pass

    def too_late(self):
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 600


def serve(host, port, secret):
    server = Server((host, port), Handler)
    server.secret = secret
    server.serve_forever(poll_interval=0.1)
