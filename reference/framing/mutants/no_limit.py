# kills: framing.recv.bad-length, framing.recv.http, framing.send.too-long
# No limit anywhere: any length is believed, any text sent.

import struct


def send_message(sock, text):
    data = text.encode("utf-8")
    sock.sendall(struct.pack("<i", len(data)) + data)


def recv_exact(sock, n):
    data = b""
    while len(data) < n:
        chunk = sock.recv(n - len(data))
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
    data = recv_exact(sock, n)
    if len(data) < n:
        raise ConnectionError("connection closed inside the message")
    return data.decode("utf-8")
