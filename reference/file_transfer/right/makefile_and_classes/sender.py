import json
import socket
from functools import partial
from pathlib import Path


class Outgoing:
    def __init__(self, path):
        self.path = Path(path)
        self.file = self.path.open('rb')
        self.size = self.path.stat().st_size

    def pieces(self):
        head = json.dumps({'filesize': self.size, 'filename': self.path.name}, indent=1).encode()
        yield len(head).to_bytes(4, 'little')
        yield head
        left = self.size
        for piece in iter(partial(self.file.read, 10_000), b''):
            yield piece[:left]
            left -= len(piece[:left])
            if not left:
                return
        if left:
            raise EnvironmentError('shrunk')


def send_file(host, port, path):
    outgoing = Outgoing(path)
    with outgoing.file, socket.create_connection((host, port)) as sock, sock.makefile('wb') as stream:
        for piece in outgoing.pieces():
            stream.write(piece)
