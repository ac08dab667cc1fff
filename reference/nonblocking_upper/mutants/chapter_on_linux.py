# kills: nonblocking_upper.backpressure.nothing-lost, nonblocking_upper.clients.fin-prompt, nonblocking_upper.upper.any-bytes, nonblocking_upper.clients.reset-midway, nonblocking_upper.clients.reset-neighbours
# 教材的写法,只补上了 conn.setblocking(False)
import socket


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.setblocking(False)
    sk.listen()
    conn_l = []
    del_l = []
    while True:
        try:
            conn, addr = sk.accept()
            conn.setblocking(False)
            conn_l.append(conn)
        except BlockingIOError:
            for conn in conn_l:
                try:
                    msg = conn.recv(1024).decode("utf-8")
                    if not msg:
                        del_l.append(conn)
                        continue
                    conn.send(msg.upper().encode("utf-8"))
                except BlockingIOError:
                    pass
            for conn in del_l:
                conn_l.remove(conn)
            del_l.clear()
