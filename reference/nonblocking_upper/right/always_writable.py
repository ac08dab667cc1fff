# Always asks for writability too, so it goes round without a pause; and it is right.
import selectors, socket
def serve(host, port):
    sel = selectors.DefaultSelector()
    sk = socket.create_server((host, port), backlog=100); sk.setblocking(False); sel.register(sk, 1)
    out = {}; eof = set()
    while True:
        for k, ev in sel.select():
            c = k.fileobj
            if c is sk:
                try: c, _ = sk.accept()
                except OSError: continue
                c.setblocking(False); sel.register(c, 3); out[c] = bytearray(); continue
            try:
                if ev & 1 and c not in eof and len(out[c]) < 1000000:
                    d = c.recv(4096)
                    if not d: eof.add(c)
                    out[c] += d.upper()
                if out[c]:
                    n = c.send(out[c]); del out[c][:n]
                if c in eof and not out[c]: raise OSError
            except BlockingIOError: pass
            except OSError: sel.unregister(c); c.close(); eof.discard(c); del out[c]
