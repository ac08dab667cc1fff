# kills: framing.recv.next-socket
import struct
LIMIT = 1_048_576
def send_message(sock, text):
    data = text.encode("utf-8")
    if len(data) > LIMIT:
        raise ValueError("too long")
    sock.sendall(struct.pack("<i", len(data)))
    sock.sendall(data)
store = {}
def exact(sock, n, first=False):
    buf = store.pop(sock.fileno(), b'')
    if len(buf) > n:
        store[sock.fileno()] = buf[n:]
        return buf[:n]
    while len(buf) < n:
        more = sock.recv(65536)
        if not more:
            if first and not buf:
                return None
            raise ConnectionError("peer ended")
        buf += more
    store[sock.fileno()] = buf[n:]
    return buf[:n]
def recv_message(sock):
    head = exact(sock, 4, True)
    if head is None:
        return None
    (n,) = struct.unpack("<i", head)
    if n < 0 or n > LIMIT:
        raise ValueError(n)
    return exact(sock, n).decode("utf-8")
