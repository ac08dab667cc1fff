# kills: nonblocking_upper.clients.broken-pipe
# What one client has left behind is sent to the next that gets its number.
import collections
import selectors
import socket

LIMIT = 1 << 20


def serve(host, port):
    selector = selectors.DefaultSelector()
    listener = socket.create_server((host, port), backlog=128)
    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ)
    waiting = collections.defaultdict(bytearray)
    ended = set()
    while True:
        for key, events in selector.select():
            sock = key.fileobj
            if sock is listener:
                try:
                    conn, _ = listener.accept()
                except OSError:
                    continue
                conn.setblocking(False)
                selector.register(conn, selectors.EVENT_READ)
                continue
            queue = waiting[key.fd]
            gone = False
            try:
                if events & selectors.EVENT_READ:
                    data = sock.recv(65536)
                    if not data:
                        ended.add(key.fd)
                    queue += data.upper()
                if queue:
                    del queue[: sock.send(queue)]
            except BlockingIOError:
                pass
            except OSError:
                gone = True
            if gone or (key.fd in ended and not queue):
                ended.discard(key.fd)
                selector.unregister(sock)
                sock.close()
                continue
            wanted = selectors.EVENT_WRITE if queue else 0
            if key.fd not in ended and len(queue) < LIMIT:
                wanted |= selectors.EVENT_READ
            selector.modify(sock, wanted)
