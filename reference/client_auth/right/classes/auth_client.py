import hashlib
import socket


class Peer:
    def __init__(self, sock):
        self._sock = sock
        self._rest = b""

    def read(self, n):
        """n bytes; what came behind them is kept for the next call."""
        while len(self._rest) < n:
            more = self._sock.recv(65536)
            if more == b"":
                raise BrokenPipeError("end of stream")
            self._rest += more
        data, self._rest = self._rest[:n], self._rest[n:]
        return data

    def write(self, data):
        if data:
            self._sock.sendall(data)


def proof(secret, challenge):
    h = hashlib.new("md5")
    h.update(secret)
    h.update(challenge)
    return "".join("%02x" % b for b in h.digest()).encode()


def chat(host, port, secret, lines):
    answers = []
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    with sock:
        sock.settimeout(60)
        sock.connect((host, port))
        peer = Peer(sock)
        peer.write(proof(secret, peer.read(32)))
        for number, line in enumerate(lines):
            try:
                data = line.encode("UTF-8")
                peer.write(data)
                answers += [peer.read(len(data)).decode("UTF-8")]
            except OSError as error:
                if number == 0:
                    raise PermissionError("refused by the server") from error
                raise
        sock.shutdown(socket.SHUT_RDWR)
    return tuple(answers)
