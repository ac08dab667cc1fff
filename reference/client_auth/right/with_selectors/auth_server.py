"""One thread, a selector, and a deadline for every client that has not answered yet."""
import hashlib
import os
import selectors
import socket
import time


class Client:
    def __init__(self, sock, secret):
        self.sock = sock
        challenge = os.urandom(32)
        self.expected = hashlib.md5(secret + challenge).hexdigest().encode()
        self.deadline = time.monotonic() + 5
        self.let_in = False
        self.got = b''
        self.out = bytearray(challenge)
        self.ended = False

    def take(self, data):
        if not self.let_in:
            self.got += data
            if len(self.got) < 32:
                return True
            if self.got[:32] != self.expected:
                return False
            self.let_in, data = True, self.got[32:]
            self.deadline = None
        self.out += data.upper()
        return True


class Server:
    def __init__(self, host, port, secret):
        self.secret = secret
        self.selector = selectors.DefaultSelector()
        self.listener = socket.create_server((host, port), backlog=256, reuse_port=False)
        self.listener.setblocking(False)
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.clients = set()

    def run(self):
        while True:
            for key, mask in self.selector.select(self.patience()):
                if key.data is None:
                    self.accept()
                else:
                    self.handle(key.data, mask)
            now = time.monotonic()
            for client in [c for c in self.clients if c.deadline and c.deadline <= now]:
                self.drop(client)

    def patience(self):
        deadlines = [c.deadline for c in self.clients if c.deadline]
        return max(0, min(deadlines) - time.monotonic()) if deadlines else None

    def accept(self):
        try:
            sock, _ = self.listener.accept()
        except OSError:
            return
        sock.setblocking(False)
        client = Client(sock, self.secret)
        self.clients.add(client)
        self.selector.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE, client)

    def handle(self, client, mask):
        try:
            if mask & selectors.EVENT_READ:
                data = client.sock.recv(65536)
                if not data:
                    client.ended = True
                elif not client.take(data):
                    self.drop(client)
                    return
            if client.out:
                sent = client.sock.send(client.out)
                del client.out[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self.drop(client)
            return
        if client.ended and not client.out:
            self.drop(client)
            return
        want = selectors.EVENT_READ if not client.ended and len(client.out) < 1 << 20 else 0
        if client.out:
            want |= selectors.EVENT_WRITE
        self.selector.modify(client.sock, want, client)

    def drop(self, client):
        self.selector.unregister(client.sock)
        client.sock.close()
        self.clients.discard(client)


def serve(host, port, secret):
    Server(host, port, secret).run()
