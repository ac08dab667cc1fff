# kills: nonblocking_upper.backpressure.nothing-lost
# What still waits in the queue is overwritten by what comes next.
import selectors
import socket

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


def serve(host, port):
    selector = selectors.DefaultSelector()
    listener = socket.create_server((host, port), backlog=100)
    listener.setblocking(False)
    selector.register(listener, READ)
    out = {}
    while True:
        for key, events in selector.select():
            conn = key.fileobj
            if conn is listener:
                conn, _ = listener.accept()
                conn.setblocking(False)
                selector.register(conn, READ)
                continue
            try:
                if events & READ:
                    data = conn.recv(4096)
                    if not data:
                        raise ConnectionError
                    out[conn] = data.upper()
                if out.get(conn):
                    sent = conn.send(out[conn])
                    out[conn] = out[conn][sent:]
                selector.modify(conn, READ | WRITE if out.get(conn) else READ)
            except BlockingIOError:
                pass
            except OSError:
                selector.unregister(conn)
                out.pop(conn, None)
                conn.close()
