# 教材的写法,修好之后:不停地轮询,accept 没人就轮一遍所有客户端
import socket

LIMIT = 16 * 1024 * 1024


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.setblocking(False)
    sk.listen()
    conn_l = []          # 所有客户端
    out = {}             # conn -> 还没发出去的字节
    over = set()         # 对方已经发完了
    while True:
        try:
            conn, addr = sk.accept()
            conn.setblocking(False)      # Linux 上必须自己设
            conn_l.append(conn)
            out[conn] = b''
        except BlockingIOError:
            pass
        except OSError:
            pass
        del_l = []
        for conn in conn_l:
            try:
                if conn not in over and len(out[conn]) < LIMIT:
                    try:
                        msg = conn.recv(4096)
                        if msg:
                            out[conn] += msg.upper()
                        else:
                            over.add(conn)
                    except BlockingIOError:
                        pass
                if out[conn]:
                    try:
                        n = conn.send(out[conn])
                        out[conn] = out[conn][n:]
                    except BlockingIOError:
                        pass
                if conn in over and not out[conn]:
                    del_l.append(conn)
            except OSError:
                del_l.append(conn)
        for conn in del_l:
            conn_l.remove(conn)
            over.discard(conn)
            del out[conn]
            conn.close()
        del_l.clear()
        conn = None
