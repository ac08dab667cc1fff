# kills: nonblocking_upper.upper.one
# The accepted sockets are non-blocking, the listening one is not.
import socket


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen()
    conns = []
    while True:
        conn, addr = sk.accept()
        conn.setblocking(False)
        conns.append(conn)
        for conn in conns:
            try:
                conn.send(conn.recv(1024).upper())
            except BlockingIOError:
                pass
