"""A plain length-prefix server: answers every frame with the same frame. What the ten probes are run against."""

import socket
import struct
import sys


def exactly(conn, n):
    data = b""
    while len(data) < n:
        chunk = conn.recv(n - len(data))
        if not chunk:
            raise SystemExit
        data += chunk
    return data


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    conn, _ = server.accept()
    while True:
        head = exactly(conn, 4)
        conn.sendall(head + exactly(conn, struct.unpack("<i", head)[0]))
