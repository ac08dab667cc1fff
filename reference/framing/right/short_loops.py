import struct


def send_message(s, t):
    b = t.encode()
    if len(b) > 1048576: raise ValueError
    s.sendall(struct.pack('<i%ds' % len(b), len(b), b))


def recv_message(s):
    h = b''
    while len(h) < 4 and (c := s.recv(4 - len(h))): h += c
    if not h: return None
    if len(h) < 4: raise ConnectionError
    n, = struct.unpack('<i', h)
    if n not in range(1048577): raise ValueError(n)
    p = []
    while n and (c := s.recv(n)): p.append(c); n -= len(c)
    if n: raise ConnectionError
    return b''.join(p).decode()
