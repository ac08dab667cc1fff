# kills: framing.recv.empty, framing.recv.any-cut
# The loop asks for bytes before it counts; recv(0) gives b'' and ends in ConnectionError.

import struct


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1048576:
        raise ValueError("message too long")
    sock.sendall(struct.pack("<i", len(data)) + data)


def recv_message(sock):
    head = recv_exact(sock, 4)
    if head is None:
        return None
    n = struct.unpack("<i", head)[0]
    if n < 0 or n > 1048576:
        raise ValueError("bad length")
    body = recv_exact(sock, n)
    if body is None:
        raise ConnectionError("the peer has gone")
    return body.decode("utf-8")


def recv_exact(sock, n):
    data = b""
    while True:
        chunk = sock.recv(n - len(data))
        if not chunk:
            if data:
                raise ConnectionError("the peer has gone")
            return None
        data += chunk
        if len(data) == n:
            return data
