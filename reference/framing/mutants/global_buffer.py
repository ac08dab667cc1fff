# kills: framing.recv.two-sockets
# What is left over is kept in one global buffer for all sockets.

import struct


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1048576:
        raise ValueError("message too long")
    sock.sendall(struct.pack("<i", len(data)) + data)


buffer = b""


def fill(sock, n):
    """Make sure that n bytes are in the buffer; False at the end of the stream."""
    global buffer
    while len(buffer) < n:
        data = sock.recv(4096)
        if not data:
            return False
        buffer += data
    return True


def recv_message(sock):
    global buffer
    if not fill(sock, 4):
        if buffer:
            raise ConnectionError("EOF in header")
        return None
    n = struct.unpack("<i", buffer[:4])[0]
    if n < 0 or n > 1048576:
        raise ValueError("bad length")
    if not fill(sock, 4 + n):
        raise ConnectionError("EOF in message")
    data, buffer = buffer[4:4 + n], buffer[4 + n:]
    return data.decode("utf-8")
