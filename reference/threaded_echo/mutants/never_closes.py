# kills: threaded_echo.clients.fin-prompt, threaded_echo.clients.eof-no-spin
# conn.close without its parentheses, and a list that keeps every connection.
import socket
import threading

conns = []


def talk(conn):
    while True:
        data = conn.recv(1024)
        if not data:
            break
        conn.sendall(data)
    conn.close


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen(5)
    while True:
        conn, addr = sk.accept()
        conns.append(conn)
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
