# kills: framing.recv.empty, framing.recv.random
# b'' of a message of length 0 is taken for the peer's end.

import struct


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1048576:
        raise ValueError("message too long")
    sock.sendall(struct.pack("<i", len(data)) + data)


def recv_message(sock):
    data = recv_exact(sock, 4)
    if not data:
        return None
    n = struct.unpack("<i", data)[0]
    if n < 0 or n > 1048576:
        raise ValueError("bad length")
    data = recv_exact(sock, n)
    if not data:
        return None
    return data.decode("utf-8")


def recv_exact(sock, n):
    data = b""
    while len(data) < n:
        chunk = sock.recv(n - len(data))
        if not chunk:
            if data or n != 4:
                raise ConnectionError("the peer has gone")
            break
        data += chunk
    return data
