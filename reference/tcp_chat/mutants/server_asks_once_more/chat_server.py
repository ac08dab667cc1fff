# kills: tcp_chat.server.empty-line
import socket


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen(5)
    while True:
        conn, addr = sk.accept()
        try:
            talk(conn)
        except (OSError, ValueError, EOFError):
            pass
        conn.close()


def talk(conn):
    while True:
        msg = input()
        if not msg:
            msg = input("please say something: ")
        if len(msg.encode()) > 1024:
            continue
        conn.sendall(msg.encode())
        if msg in ("Q", "q"):
            return
        data = conn.recv(1024).decode()
        if data in ("", "Q", "q"):
            return
        print(data)
