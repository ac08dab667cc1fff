# kills: tcp_chat.client.server-leaves, tcp_chat.client.refused
import socket


def chat(host, port):
    over = False
    while not over:
        sk = socket.socket()
        try:
            sk.connect((host, port))
            over = talk(sk)
        except OSError:
            print("trying again")
        finally:
            sk.close()


def talk(sk):
    while True:
        data = sk.recv(1024)
        if not data:
            return
        msg = data.decode("utf-8")
        if msg.upper() == "Q":
            return True
        print("server:", msg)
        msg = read_line()
        if msg is None:
            return True
        sk.sendall(msg.encode("utf-8"))
        if msg.upper() == "Q":
            return True


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
