"""An event loop for every stream; sock_recv gives what is there."""

import asyncio
import struct

SIZE = 65536


def split(data, size=SIZE):
    if size < 1:
        raise ValueError("size must be at least 1")
    for start in range(0, len(data), size):
        yield data[start:start + size]


def merge(pieces):
    return b"".join(pieces)


def send_stream(sock, source):
    while True:
        piece = source.read(SIZE)
        if not piece:
            break
        sock.sendall(struct.pack("<i", len(piece)) + piece)
    sock.sendall(struct.pack("<i", 0))


def recv_stream(sock, sink):
    timeout = sock.gettimeout()
    sock.setblocking(False)
    try:
        return asyncio.run(_recv(sock, sink))
    finally:
        sock.settimeout(timeout)


async def _exactly(sock, n):
    loop = asyncio.get_running_loop()
    data = b""
    while len(data) < n:
        chunk = await loop.sock_recv(sock, n - len(data))
        if not chunk:
            raise ConnectionError
        data += chunk
    return data


async def _recv(sock, sink):
    total = 0
    while True:
        n, = struct.unpack("<i", await _exactly(sock, 4))
        if not 0 <= n <= SIZE:
            raise ValueError(n)
        if n == 0:
            return total
        sink.write(await _exactly(sock, n))
        total += n
