# kills: threaded_echo.clients.slow-neighbours
# A pool of ten threads: the eleventh client waits.
import socket
from concurrent.futures import ThreadPoolExecutor


def talk(conn, addr):
    try:
        while True:
            data = conn.recv(1024)
            if not data:
                break
            conn.sendall(data)
    except ConnectionError:
        print('连接断开', addr)
    finally:
        conn.close()


def serve(host, port):
    pool = ThreadPoolExecutor(10)
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen(128)
    while True:
        conn, addr = sk.accept()
        pool.submit(talk, conn, addr)
