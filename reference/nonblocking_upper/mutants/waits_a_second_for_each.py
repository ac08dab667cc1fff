# kills: nonblocking_upper.clients.silent-neighbour
# 每个客户端最多等一秒
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
            conn.settimeout(1)
            conns.append(conn)
        except BlockingIOError:
            pass
        for conn in conns[:]:
            try:
                data = conn.recv(1024)
                conn.sendall(data.upper())
            except TimeoutError:
                continue
            except OSError:
                data = b""
            if not data:
                conns.remove(conn)
                conn.close()
