# kills: nonblocking_upper.stop.interrupt
# Whatever happens, the server goes on.
import selectors
import socket

LIMIT = 4 * 1024 * 1024


def serve(host, port):
    selector = selectors.DefaultSelector()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(100)
    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ)
    queues = {}
    ended = set()

    def close(conn):
        selector.unregister(conn)
        conn.close()
        del queues[conn]
        ended.discard(conn)

    def one_round():
        for key, events in selector.select():
            conn = key.fileobj
            if conn is listener:
                try:
                    conn, addr = listener.accept()
                except OSError:
                    continue
                conn.setblocking(False)
                queues[conn] = bytearray()
                selector.register(conn, selectors.EVENT_READ)
                continue
            queue = queues[conn]
            try:
                if events & selectors.EVENT_READ:
                    data = conn.recv(65536)
                    if not data:
                        ended.add(conn)
                    queue += data.upper()
                if queue:
                    n = conn.send(queue)
                    del queue[:n]
            except BlockingIOError:
                pass
            except OSError:
                close(conn)
                continue
            if conn in ended and not queue:
                close(conn)
                continue
            wanted = 0
            if conn not in ended and len(queue) < LIMIT:
                wanted |= selectors.EVENT_READ
            if queue:
                wanted |= selectors.EVENT_WRITE
            selector.modify(conn, wanted)

    while True:
        try:
            one_round()
        except:  # noqa: E722
            print("something went wrong")
