# kills: framing.recv.timeout
import struct
LIMIT = 1_048_576
def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > LIMIT:
        raise ValueError("too long")
    sock.sendall(struct.pack("<i", len(data)))
    sock.sendall(data)
def exact(sock, n, first=False):
    buf = b""
    while len(buf) < n:
        more = sock.recv(min(65536, n - len(buf)))
        if not more:
            if first and not buf:
                return None
            raise ConnectionError("peer ended")
        buf += more
    return buf
def recv_message(sock):
    sock.settimeout(2)
    head = exact(sock, 4, True)
    if head is None:
        return None
    (n,) = struct.unpack("<i", head)
    if n < 0 or n > LIMIT:
        raise ValueError(n)
    return exact(sock, n).decode("utf-8")
