# kills: framing.recv.one, framing.send.one
# 'q': a length of 8 bytes.

import struct


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1048576:
        raise ValueError("message too long")
    sock.sendall(struct.pack("q", len(data)) + data)


def recv_exact(sock, n):
    data = b""
    while len(data) < n:
        chunk = sock.recv(n - len(data))
        if not chunk:
            break
        data += chunk
    return data


def recv_message(sock):
    head = recv_exact(sock, 8)
    if head == b"":
        return None
    if len(head) < 8:
        raise ConnectionError("connection closed inside the header")
    n = struct.unpack("q", head)[0]
    if n < 0 or n > 1048576:
        raise ValueError("bad length")
    data = recv_exact(sock, n)
    if len(data) < n:
        raise ConnectionError("connection closed inside the message")
    return data.decode("utf-8")
