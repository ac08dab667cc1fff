# kills: tcp_chat.server.q-words
import socket


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen()
    while True:
        conn, addr = sk.accept()
        try:
            talk(conn)
        except (OSError, UnicodeDecodeError):
            print("the client has gone:", addr)
        conn.close()


def talk(conn):
    while True:
        msg = read_line()
        if msg is None:
            return
        conn.sendall(msg.encode("utf-8"))
        if msg in ("Q", "q"):
            return
        data = conn.recv(1024)
        if not data:
            return
        msg = data.decode("utf-8")
        if msg.upper() == "Q":
            return
        print("client:", msg)


def read_line():
    while True:
        try:
            msg = input(">>> ")
        except EOFError:
            return None
        if not msg.strip():
            continue
        if len(msg.encode("utf-8")) > 1024:
            print("too long")
            continue
        return msg
