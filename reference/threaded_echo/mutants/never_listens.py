# kills: threaded_echo.listen.starts
# Binds and goes on to accept without listen().
import socket
import threading


def talk(conn):
    while True:
        data = conn.recv(1024)
        if not data:
            break
        conn.sendall(data)
    conn.close()


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    while True:
        conn, addr = sk.accept()
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
