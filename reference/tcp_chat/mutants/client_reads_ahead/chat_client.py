# kills: tcp_chat.client.prints-first
import queue
import socket
import threading


def chat(host, port):
    sk = socket.socket()
    sk.connect((host, port))
    try:
        talk(sk)
    finally:
        sk.close()


def talk(sk):
    lines = queue.Queue()

    def keyboard():
        line = ""
        while line is not None:
            line = read_line()
            lines.put(line)

    threading.Thread(target=keyboard, daemon=True).start()
    while True:
        data = sk.recv(1024)
        if not data:
            return
        msg = data.decode("utf-8")
        if msg.upper() == "Q":
            return
        print("server:", msg)
        msg = lines.get()
        if msg is None:
            return
        sk.sendall(msg.encode("utf-8"))
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
