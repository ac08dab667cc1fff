# kills: framing.recv.timeout
# One recv with MSG_WAITALL for each piece: short as soon as the socket has a time-out.

import socket
import struct


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1048576:
        raise ValueError("message too long")
    sock.sendall(struct.pack("<i", len(data)) + data)


def recv_message(sock):
    head = sock.recv(4, socket.MSG_WAITALL)
    if not head:
        return None
    if len(head) < 4:
        raise ConnectionError("EOF in the header")
    n = struct.unpack("<i", head)[0]
    if n < 0 or n > 1048576:
        raise ValueError("bad length")
    body = sock.recv(n, socket.MSG_WAITALL) if n else b""
    if len(body) < n:
        raise ConnectionError("EOF in the message")
    return body.decode("utf-8")
