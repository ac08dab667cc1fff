import hashlib
import hmac
import os
import signal
import socketserver


class Slow(Exception):
    pass


def too_slow(number, frame):
    raise Slow


class Handler(socketserver.BaseRequestHandler):
    """Every client has a process of its own, and so an alarm clock of its own."""

    def handle(self):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, too_slow)
        challenge = os.urandom(32)
        self.request.sendall(challenge)
        signal.alarm(5)
        digest = b""
        try:
            while len(digest) < 32:
                part = self.request.recv(32 - len(digest))
                if not part:
                    return
                digest += part
        except (Slow, ConnectionError):
            return
        signal.alarm(0)
        if not hmac.compare_digest(digest, hashlib.md5(self.server.secret + challenge).hexdigest().encode()):
            return
        try:
            while True:
                data = self.request.recv(8192)
                if not data:
                    return
                self.request.sendall(data.upper())
        except ConnectionError:
            return


class Server(socketserver.ForkingTCPServer):
    allow_reuse_address = True
    request_queue_size = 100
    max_children = 600
    block_on_close = False


def serve(host, port, secret):
    server = Server((host, port), Handler)
    server.secret = secret
    me = os.getpid()

    def stop(number, frame):
        if os.getpid() == me:
            for pid in server.active_children or ():
                os.kill(pid, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server.serve_forever()
