# kills: nonblocking_upper.server.one-thread
# 每个客户端一个线程
import socket
import threading


def talk(conn):
    with conn:
        try:
            while data := conn.recv(1024):
                conn.sendall(data.upper())
        except OSError:
            pass


def serve(host, port):
    sk = socket.create_server((host, port), backlog=100)
    while True:
        conn, addr = sk.accept()
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
