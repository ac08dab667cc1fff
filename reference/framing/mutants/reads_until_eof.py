# kills: framing.recv.one
# Collects until the peer ends, then takes the message out of it.

import struct


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1048576:
        raise ValueError("message too long")
    sock.sendall(struct.pack("<i", len(data)) + data)


def recv_message(sock):
    data = b""
    while True:
        chunk = sock.recv(1024)
        if not chunk:
            break
        data += chunk
    if not data:
        return None
    if len(data) < 4:
        raise ConnectionError("too short")
    n = struct.unpack("<i", data[:4])[0]
    if n < 0 or n > 1048576:
        raise ValueError("bad length")
    if len(data) < 4 + n:
        raise ConnectionError("too short")
    return data[4:4 + n].decode("utf-8")
