"""A slow machine: recv and send come late. The first 200 of each, so that 1000 messages do not take minutes."""

import itertools
import struct
import time

sends = itertools.count()
recvs = itertools.count()


def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > 1048576:
        raise ValueError("too long")
    if next(sends) < 200:
        time.sleep(0.05)
    sock.sendall(struct.pack("<i", len(data)) + data)


def slow_recv(sock, n):
    data = b""
    while len(data) < n:
        if next(recvs) < 200:
            time.sleep(0.05)
        part = sock.recv(n - len(data))
        if not part:
            break
        data += part
    return data


def recv_message(sock):
    head = slow_recv(sock, 4)
    if not head:
        return None
    if len(head) < 4:
        raise ConnectionError
    n = struct.unpack("<i", head)[0]
    if n < 0 or n > 1048576:
        raise ValueError
    data = slow_recv(sock, n)
    if len(data) < n:
        raise ConnectionError
    return data.decode("utf-8")
