# kills: nonblocking_upper.clients.silent-neighbour
# 教材的写法,没人连的时候歇一会儿
import socket
import time


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
            conns.append(conn)
        except BlockingIOError:
            time.sleep(0.1)
        for conn in conns[:]:
            try:
                data = conn.recv(1024)
                if data:
                    conn.send(data.upper())
                else:
                    conns.remove(conn)
                    conn.close()
            except BlockingIOError:
                pass
            except ConnectionError:
                conns.remove(conn)
                conn.close()
