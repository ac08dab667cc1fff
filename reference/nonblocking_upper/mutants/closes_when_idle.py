# kills: nonblocking_upper.clients.idle-kept
import selectors, signal, socket, sys
LIMIT = 8 << 20
class Client:
    def __init__(self, sock):
        self.sock, self.queue, self.ended = sock, bytearray(), False
def serve(host, port):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sel = selectors.DefaultSelector()
    listener = socket.create_server((host, port), backlog=200)
    listener.setblocking(False)
    sel.register(listener, selectors.EVENT_READ)
    def drop(c):
        sel.unregister(c.sock)
        c.sock.close()
    def wish(c):
        ev = 0
        if not c.ended and len(c.queue) < LIMIT:
            ev |= selectors.EVENT_READ
        if c.queue:
            ev |= selectors.EVENT_WRITE
        if not ev:
            drop(c)
        else:
            sel.modify(c.sock, ev, c)
    try:
        while True:
            got = sel.select(2)
            if not got:
                for k in list(sel.get_map().values()):
                    if k.data: drop(k.data)
            for key, ev in got:
                if key.fileobj is listener:
                    try:
                        sock, _ = listener.accept()
                    except OSError:
                        continue
                    sock.setblocking(False)
                    sel.register(sock, selectors.EVENT_READ, Client(sock))
                    continue
                c = key.data
                try:
                    if ev & selectors.EVENT_READ:
                        data = c.sock.recv(65536)
                        if not data:
                            c.ended = True
                        c.queue += data.upper()
                    if c.queue:
                        try:
                            n = c.sock.send(c.queue)
                            del c.queue[:n]
                        except BlockingIOError:
                            pass
                except BlockingIOError:
                    pass
                except OSError:
                    drop(c)
                    continue
                wish(c)
    except KeyboardInterrupt:
        pass
