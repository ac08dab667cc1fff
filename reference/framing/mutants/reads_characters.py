# kills: framing.recv.byte-length
# The receiver reads until it has n characters.

import struct


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1048576:
        raise ValueError("message too long")
    sock.sendall(struct.pack("<i", len(data)) + data)


def recv_message(sock):
    head = b""
    while len(head) < 4:
        chunk = sock.recv(4 - len(head))
        if not chunk:
            if head:
                raise ConnectionError("EOF")
            return None
        head += chunk
    n = struct.unpack("<i", head)[0]
    if n < 0 or n > 1048576:
        raise ValueError("bad length")
    data = b""
    while len(data.decode("utf-8", "ignore")) < n:
        chunk = sock.recv(n - len(data.decode("utf-8", "ignore")))
        if not chunk:
            raise ConnectionError("EOF")
        data += chunk
    return data.decode("utf-8")
