# kills: tcp_chat.server.reset, tcp_chat.server.not-utf8
import socket


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen()
    try:
        while True:
            conn, addr = sk.accept()
            talk(conn)
            conn.close()
    except (OSError, UnicodeDecodeError) as e:
        print("error:", e)


def talk(conn):
    while True:
        msg = read_line()
        if msg is None:
            return
        conn.sendall(msg.encode("utf-8"))
        if msg.upper() == "Q":
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
        if msg == "":
            continue
        if len(msg.encode("utf-8")) > 1024:
            print("too long")
            continue
        return msg
