# kills: large_transfer.send.memory
import struct
SIZE = 65536
def split(data, size=SIZE):
    if size < 1:
        raise ValueError("size")
    return [data[i:i + size] for i in range(0, len(data), size)]
def merge(pieces):
    return b"".join(pieces)
import queue, threading
def send_stream(sock, source):
    q = queue.Queue()
    def read():
        while True:
            piece = source.read(SIZE)
            q.put(piece)
            if not piece:
                break
    threading.Thread(target=read, daemon=True).start()
    while True:
        piece = q.get()
        sock.sendall(struct.pack("<i", len(piece)) + piece)
        if not piece:
            return
def recv_exact(sock, n):
    data = b""
    while len(data) < n:
        more = sock.recv(n - len(data))
        if not more:
            raise ConnectionError("peer ended")
        data += more
    return data
def recv_stream(sock, sink):
    total = 0
    while True:
        (n,) = struct.unpack("<i", recv_exact(sock, 4))
        if n < 0 or n > SIZE:
            raise ValueError(n)
        if n == 0:
            return total
        sink.write(recv_exact(sock, n))
        total += n
