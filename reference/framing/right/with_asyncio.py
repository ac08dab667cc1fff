import asyncio, struct
LIMIT = 1048576
async def _get(loop, s, n):
    b = bytearray()
    while len(b) < n:
        d = await loop.sock_recv(s, n - len(b))
        if not d: break
        b += d
    return bytes(b)
def _run(sock, make):
    old = sock.gettimeout(); sock.setblocking(False)
    try:
        async def main(): return await make(asyncio.get_running_loop())
        return asyncio.run(main())
    finally: sock.settimeout(old)
def send_message(sock, text):
    raw = text.encode()
    if len(raw) > LIMIT: raise ValueError
    _run(sock, lambda loop: loop.sock_sendall(sock, struct.pack("<i", len(raw)) + raw))
def recv_message(sock):
    async def go(loop):
        h = await _get(loop, sock, 4)
        if not h: return None
        if len(h) != 4: raise ConnectionError
        n = struct.unpack("<i", h)[0]
        if n < 0 or n > LIMIT: raise ValueError
        b = await _get(loop, sock, n)
        if len(b) != n: raise ConnectionError
        return b.decode()
    return _run(sock, go)
