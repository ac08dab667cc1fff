# kills: threaded_echo.echo.one
# Hangs up with the answer still to be sent.
import socket
import threading


def talk(conn):
    data = conn.recv(1024)
    conn.close()
    conn.sendall(data)


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen(5)
    while True:
        conn, addr = sk.accept()
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
