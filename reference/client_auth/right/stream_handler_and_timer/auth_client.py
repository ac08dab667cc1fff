import hashlib
import select
import socket


class Client:
    """非阻塞的 socket，用 select 等待。"""

    def __init__(self, host, port):
        self.sock = socket.create_connection((host, port), timeout=30)
        self.sock.setblocking(False)

    def read(self, size):
        data = b""
        while len(data) < size:
            select.select([self.sock], [], [])
            piece = self.sock.recv(size - len(data))
            if not piece:
                raise ConnectionAbortedError("no more bytes")
            data += piece
        return data

    def write(self, data):
        while data:
            select.select([], [self.sock], [])
            data = data[self.sock.send(data):]

    def ask(self, line):
        self.write(line.encode("utf-8"))
        return self.read(len(line.encode("utf-8"))).decode("utf-8")

    def close(self):
        self.sock.close()


def chat(host, port, secret, lines):
    client = Client(host, port)
    result = []
    try:
        challenge = client.read(32)
        digest = hashlib.md5(secret + challenge).hexdigest()
        client.write(digest.encode())
        lines = iter(lines)
        try:
            first = next(lines)
        except StopIteration:
            return result
        try:
            result.append(client.ask(first))
        except ConnectionError:
            raise PermissionError("服务器不认识我") from None
        result.extend(client.ask(line) for line in lines)
        return result
    finally:
        client.close()
