"""The usual way: a helper that reads exactly n bytes."""

import struct

LIMIT = 1024 * 1024


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > LIMIT:
        raise ValueError("too long")
    sock.sendall(struct.pack("<i", len(data)) + data)


def recv_message(sock):
    head = recv_exact(sock, 4)
    if not head:
        return None
    if len(head) < 4:
        raise ConnectionError("end inside a length")
    (n,) = struct.unpack("<i", head)
    if not 0 <= n <= LIMIT:
        raise ValueError(f"bad length {n}")
    body = recv_exact(sock, n)
    if len(body) < n:
        raise ConnectionError("end inside a message")
    return body.decode("utf-8")


def recv_exact(sock, n):
    data = b""
    while len(data) < n:
        chunk = sock.recv(n - len(data))
        if not chunk:
            break
        data += chunk
    return data
