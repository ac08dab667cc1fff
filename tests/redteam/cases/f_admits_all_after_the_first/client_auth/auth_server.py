# @attack  a server that asks its first client for the digest, and lets everybody in once somebody has shown it
# @expect  not client_auth.server.wrong-secret
import hashlib
import os
import socketserver

SHOWN = []


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        challenge = os.urandom(32)
        self.request.sendall(challenge)
        digest = b""
        while len(digest) < 32:
            piece = self.request.recv(32 - len(digest))
            if not piece:
                return
            digest += piece
        right = digest == hashlib.md5(self.server.secret + challenge).hexdigest().encode()
        if right:
            SHOWN.append(self.client_address)
        if right or SHOWN:
            while data := self.request.recv(65_536):
                self.request.sendall(data.upper())


def serve(host, port, secret):
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer((host, port), Handler) as server:
        server.secret = secret
        server.serve_forever()
