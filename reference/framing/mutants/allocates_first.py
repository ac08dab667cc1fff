# kills: framing.recv.bad-length, framing.recv.http
# Makes room for the announced length before looking at the limit.

import struct


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1048576:
        raise ValueError("message too long")
    sock.sendall(struct.pack("<i", len(data)) + data)


def recv_message(sock):
    head = bytearray(b"\0" * 4)
    if not fill(sock, head):
        return None
    n = struct.unpack("<i", head)[0]
    buffer = bytearray(b"\0" * n)
    if n < 0 or n > 1048576:
        raise ValueError("bad length")
    if n and not fill(sock, buffer):
        raise ConnectionError("EOF")
    return buffer.decode("utf-8")


def fill(sock, buffer):
    got = 0
    while got < len(buffer):
        count = sock.recv_into(memoryview(buffer)[got:])
        if count == 0:
            if got:
                raise ConnectionError("EOF")
            return False
        got += count
    return True
