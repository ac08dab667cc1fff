# kills: nonblocking_upper.upper.one
# BlockingIOError is expected of accept, and of nothing else.
import socket


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen()
    sk.setblocking(False)
    conns = []
    while True:
        try:
            conn, addr = sk.accept()
            conn.setblocking(False)
            conns.append(conn)
        except BlockingIOError:
            pass
        for conn in conns:
            msg = conn.recv(1024)
            conn.send(msg.upper())
