# kills: nonblocking_upper.backpressure.neighbours
import selectors
import socket


def serve(host, port):
    selector = selectors.DefaultSelector()
    listener = socket.create_server((host, port))
    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                conn, _ = listener.accept()
                conn.setblocking(False)
                selector.register(conn, selectors.EVENT_READ)
                continue
            conn = key.fileobj
            try:
                data = conn.recv(4096)
                conn.sendall(data.upper())
            except ConnectionError:
                data = b""
            if not data:
                selector.unregister(conn)
                conn.close()
