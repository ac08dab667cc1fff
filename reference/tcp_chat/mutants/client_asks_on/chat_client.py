# kills: tcp_chat.client.leaves-while-asked, tcp_chat.client.reset
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
        try:
            data = sk.recv(1024)
            msg = data.decode("utf-8") or "(no answer)"
        except ConnectionError:
            msg = "(no answer)"
        if msg.upper() == "Q":
            return
        print("server:", msg)
        msg = read_line()
        if msg is None:
            return
        try:
            sk.sendall(msg.encode("utf-8"))
        except ConnectionError:
            print("not sent")
        if msg.upper() == "Q":
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
