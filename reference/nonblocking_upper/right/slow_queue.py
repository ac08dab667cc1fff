"""recv(1024) and a queue of bytes that is copied at every step: slow, and right."""

import selectors
import socket
import types

sel = selectors.DefaultSelector()
LIMIT = 16 * 1024 * 1024


def accept_wrapper(sock):
    try:
        conn, addr = sock.accept()
    except OSError:
        return
    conn.setblocking(False)
    data = types.SimpleNamespace(addr=addr, outb=b"", eof=False)
    sel.register(conn, selectors.EVENT_READ, data=data)


def service_connection(key, mask):
    sock = key.fileobj
    data = key.data
    try:
        if mask & selectors.EVENT_READ:
            recv_data = sock.recv(1024)
            if recv_data:
                data.outb += recv_data.upper()
            else:
                data.eof = True
        if mask & selectors.EVENT_WRITE:
            if data.outb:
                sent = sock.send(data.outb)
                data.outb = data.outb[sent:]
    except BlockingIOError:
        return
    except OSError:
        sel.unregister(sock)
        sock.close()
        return
    events = 0
    if not data.eof and len(data.outb) < LIMIT:
        events |= selectors.EVENT_READ
    if data.outb:
        events |= selectors.EVENT_WRITE
    if events:
        sel.modify(sock, events, data=data)
    else:
        sel.unregister(sock)
        sock.close()


def serve(host, port):
    lsock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    lsock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    lsock.bind((host, port))
    lsock.listen()
    lsock.setblocking(False)
    sel.register(lsock, selectors.EVENT_READ, data=None)
    while True:
        events = sel.select(timeout=None)
        for key, mask in events:
            if key.data is None:
                accept_wrapper(key.fileobj)
            else:
                service_connection(key, mask)
