# kills: threaded_echo.clients.broken-pipe
# Guards recv, but not sendall: a client that leaves while it is being sent to ends the server.
import os
import socket
import threading


def talk(conn):
    try:
        while True:
            try:
                data = conn.recv(1024)
            except ConnectionResetError:
                data = b''
            if not data:
                break
            conn.sendall(data)
    except OSError as e:
        print('出错了', e)
        os._exit(1)
    conn.close()


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen(128)
    while True:
        conn, addr = sk.accept()
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
