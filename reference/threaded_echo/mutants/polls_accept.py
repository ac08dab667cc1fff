# kills: threaded_echo.idle.no-polling
# Looks a hundred times a second whether somebody is calling.
import socket
import threading
import time


def talk(conn):
    conn.setblocking(True)
    try:
        while True:
            data = conn.recv(1024)
            if not data:
                break
            conn.sendall(data)
    except OSError:
        pass
    conn.close()


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.setblocking(False)
    sk.listen(128)
    while True:
        try:
            conn, addr = sk.accept()
            threading.Thread(target=talk, args=(conn,), daemon=True).start()
        except BlockingIOError:
            time.sleep(0.005)
