# kills: nonblocking_upper.clients.silent-neighbour, nonblocking_upper.clients.fin-prompt, nonblocking_upper.upper.any-bytes, nonblocking_upper.clients.reset-idle, nonblocking_upper.listen.restart
# 教材原样(只改了笔误,host 和 port 成了参数):在 Windows 上能用
import socket


def serve(host, port):
    sk = socket.socket()
    sk.bind((host, port))
    sk.setblocking(False)  # 把 socket 中所有需要阻塞的方法都改成非阻塞
    sk.listen()

    conn_l = []  # 用来存储所有来请求 server 端的 conn 连接
    del_l = []  # 用来存储所有已经断开的 conn
    while True:
        try:
            conn, addr = sk.accept()  # 不阻塞,但是没人连会报错
            conn_l.append(conn)
        except BlockingIOError:
            for conn in conn_l:
                try:
                    msg = conn.recv(1024).decode("utf-8")
                    if msg == "":
                        del_l.append(conn)
                        continue
                    conn.send(msg.upper().encode("utf-8"))
                except BlockingIOError:
                    pass
            for conn in del_l:
                conn_l.remove(conn)
            del_l.clear()
