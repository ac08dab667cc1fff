import contextlib, select, struct
class Merger:
    def __init__(self): self.parts = []
    def __call__(self, p): self.parts.append(bytes(p)); return self
def split(data, size=65536):
    if not size > 0: raise ValueError(f"bad size {size}")
    parts = []
    rest = data
    at = 0
    while at < len(rest):
        parts.append(bytes(rest[at:at+size])); at += size
    return tuple(parts)
def merge(pieces):
    import io
    with io.BytesIO() as f:
        f.writelines(pieces)
        return f.getvalue()
@contextlib.contextmanager
def nonblocking(sock):
    old = sock.gettimeout(); sock.setblocking(False)
    try: yield
    finally: sock.settimeout(old)
def send_stream(sock, source):
    with nonblocking(sock):
        def out(b):
            v = memoryview(b)
            while v:
                try: v = v[sock.send(v):]
                except BlockingIOError: select.select([], [sock], [])
        while True:
            p = source.read(65536)
            out(struct.pack("<i", len(p)) + p)
            if p == b"": break
def recv_stream(sock, sink):
    with nonblocking(sock), contextlib.ExitStack() as stack:
        n = 0
        def gen():
            need = 4
            got = b""
            while True:
                try: d = sock.recv(need - len(got))
                except BlockingIOError:
                    select.select([sock], [], []); continue
                if not d: raise ConnectionError
                got += d
                if len(got) == need:
                    need = (yield got); got = b""
        g = gen(); stack.callback(g.close)
        size = struct.unpack("<i", next(g))[0]
        while size:
            if not 1 <= size <= 65536: raise ValueError("too long")
            sink.write(g.send(size)); n += size
            size = struct.unpack("<i", g.send(4))[0]
        return n
