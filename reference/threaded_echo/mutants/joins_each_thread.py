# kills: threaded_echo.clients.idle-neighbour
# A thread per client, but each is waited for before the next accept.
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
    sk.listen(5)
    while True:
        conn, addr = sk.accept()
        t = threading.Thread(target=talk, args=(conn,), daemon=True)
        t.start()
        t.join()
