"""One class for the conversation, one for the file; a buffered reader for all that comes."""
import json
import select
import socket
import uuid
from pathlib import Path


class Incoming:
    def __init__(self, sock):
        self.sock, self.stream = sock, sock.makefile('rb')

    def exactly(self, n):
        data = self.stream.read(n)
        if len(data) != n:
            raise ConnectionAbortedError(f'{n} bytes were due, {len(data)} came')
        return data

    def header(self):
        n = int.from_bytes(self.exactly(4), 'little', signed=True)
        if not 0 < n <= 1 << 16:
            raise ValueError('length')
        try:
            match json.loads(str(self.exactly(n), 'utf-8')):
                case {'filename': str(name), 'filesize': int(size)} if not isinstance(size, bool) and size >= 0:
                    return name, size
        except RecursionError as e:
            raise ValueError('too deep') from e
        raise ValueError('header')

    def ended(self):
        """Nothing more is there; an end is not waited for longer than a moment."""
        if self.stream.peek(1) if select.select([self.sock], [], [], 0.3)[0] else b'':
            raise ValueError('too much')


class Target:
    def __init__(self, folder, name):
        if Path(name).name != name or name in ('.', '..', '') or set(name) & set('/\\\0') or len(name.encode()) > 255:
            raise ValueError(f'bad name {name!r}')
        self.path, self.partial = folder / name, folder / f'.{uuid.uuid4().hex}'

    def __enter__(self):
        self.file = self.partial.open('xb')
        return self.file

    def __exit__(self, kind, *rest):
        try:
            self.file.close()
        finally:
            if kind:
                self.partial.unlink()
        if not kind:
            self.partial.rename(self.path)


def receive_file(host: str, port: int, directory: str) -> str:
    with socket.create_server((host, port)) as server:
        sock, _ = server.accept()
    with sock:
        incoming = Incoming(sock)
        name, size = incoming.header()
        target = Target(Path(directory), name)
        with target as file:
            for start in range(0, size, 1 << 15):
                file.write(incoming.exactly(min(1 << 15, size - start)))
            incoming.ended()
    return str(target.path)
