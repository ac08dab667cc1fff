# ring buffer of fixed size per client, recv_into the room that is left
import select, socket
SIZE = 1 << 16
class Ring:
    def __init__(self, sock):
        sock.setblocking(False)
        self.sock, self.buf, self.r, self.n, self.eof = sock, bytearray(SIZE), 0, 0, False
    def fill(self):
        w = (self.r + self.n) % SIZE
        room = min(SIZE - self.n, SIZE - w)
        k = self.sock.recv_into(memoryview(self.buf)[w:w + room])
        if k == 0: self.eof = True
        self.buf[w:w + k] = self.buf[w:w + k].upper()
        self.n += k
    def drain(self):
        k = self.sock.send(memoryview(self.buf)[self.r:min(self.r + self.n, SIZE)])
        self.r = (self.r + k) % SIZE; self.n -= k
def serve(host, port):
    l = socket.create_server((host, port), backlog=100); l.setblocking(False)
    rings = []
    while True:
        rd = [l] + [x.sock for x in rings if not x.eof and x.n < SIZE]
        wr = [x.sock for x in rings if x.n]
        r, w, _ = select.select(rd, wr, [])
        if l in r:
            try: rings.append(Ring(l.accept()[0]))
            except OSError: pass
        for x in rings[:]:
            try:
                if x.sock in r: x.fill()
                if x.sock in w: x.drain()
            except BlockingIOError: pass
            except OSError: x.eof, x.n = True, 0
            if x.eof and not x.n:
                rings.remove(x); x.sock.close()
