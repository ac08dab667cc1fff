# kills: tcp_chat.client.q-words
import socket


def chat(host, port):
    sk = socket.socket()
    sk.connect((host, port))
    try:
        talk(sk)
    finally:
        sk.close()


def talk(sk):
    while True:
        data = sk.recv(1024)
        if not data:
            return
        msg = data.decode("utf-8")
        if msg.upper() == "Q":
            return
        print("server:", msg)
        msg = read_line()
        if msg is None or msg == "q":
            return
        sk.sendall(msg.encode("utf-8"))
        if msg in ("Q", "q"):
            return


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
