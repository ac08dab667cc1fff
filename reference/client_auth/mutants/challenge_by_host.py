# kills: client_auth.server.side-by-side
# Two clients may well call from the same host.
import hashlib, hmac, os, signal, socketserver, sys

challenges = {}


class Handler(socketserver.BaseRequestHandler):
    def setup(self):
        self.request.settimeout(5)

    def handle(self):
        host = self.client_address[0]
        try:
            challenges[host] = os.urandom(32)
            self.request.sendall(challenges[host])
            digest = b""
            while len(digest) < 32:
                piece = self.request.recv(32 - len(digest))
                if not piece:
                    return
                digest += piece
            expected = hashlib.md5(self.server.secret + challenges[host]).hexdigest().encode()
            if not hmac.compare_digest(digest, expected):
                return
            self.request.settimeout(None)
            while data := self.request.recv(4096):
                self.request.sendall(data.upper())
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 128


def serve(host, port, secret):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Server((host, port), Handler) as server:
        server.secret = secret
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
