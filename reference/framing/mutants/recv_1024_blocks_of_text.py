# kills: framing.recv.glued, framing.recv.any-cut
# The last block of the text is asked for with 1024 bytes too, and reaches into the next message.

import struct


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1048576:
        raise ValueError("message too long")
    sock.sendall(struct.pack("<i", len(data)) + data)


def recv_exact(sock, n):
    data = b""
    while len(data) < n:
        chunk = sock.recv(n - len(data) if n == 4 else 1024)
        if not chunk:
            break
        data += chunk
    return data


def recv_message(sock):
    head = recv_exact(sock, 4)
    if head == b"":
        return None
    if len(head) < 4:
        raise ConnectionError("connection closed inside the header")
    n = struct.unpack("<i", head)[0]
    if n < 0 or n > 1048576:
        raise ValueError("bad length")
    data = recv_exact(sock, n)
    if len(data) < n:
        raise ConnectionError("connection closed inside the message")
    return data[:n].decode("utf-8")
