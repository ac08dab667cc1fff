# kills: threaded_echo.echo.backpressure
# Python's own selectors sample: a non-blocking socket, and "hope it won't block".
import selectors
import socket

sel = selectors.DefaultSelector()


def accept(sock, mask):
    conn, addr = sock.accept()
    conn.setblocking(False)
    sel.register(conn, selectors.EVENT_READ, read)


def read(conn, mask):
    try:
        data = conn.recv(1000)
        if data:
            conn.send(data)  # Hope it won't block
            return
    except OSError as e:
        print('closing', e)
    sel.unregister(conn)
    conn.close()


def serve(host, port):
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    sock.listen(100)
    sock.setblocking(False)
    sel.register(sock, selectors.EVENT_READ, accept)
    while True:
        events = sel.select()
        for key, mask in events:
            key.data(key.fileobj, mask)
