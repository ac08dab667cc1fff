# kills: framing.recv.end-inside
# None for every end, also in the middle of a message.

import struct


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1048576:
        raise ValueError("message too long")
    sock.sendall(struct.pack("<i", len(data)) + data)


def recv_exact(sock, n):
    data = b""
    while len(data) < n:
        chunk = sock.recv(n - len(data))
        if not chunk:
            return None
        data += chunk
    return data


def recv_message(sock):
    head = recv_exact(sock, 4)
    if head is None:
        return None
    n = struct.unpack("<i", head)[0]
    if n < 0 or n > 1048576:
        raise ValueError("bad length")
    body = recv_exact(sock, n)
    if body is None:
        return None
    return body.decode("utf-8")
