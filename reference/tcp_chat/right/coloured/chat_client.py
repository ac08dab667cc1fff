import readline  # line editing in the terminal
import socket
import time


def chat(host, port):
    sk = socket.socket()
    sk.connect((host, port))
    with sk:
        while True:
            ret = sk.recv(1024).decode("utf-8")
            if not ret or ret.upper() == "Q":
                break
            print(time.strftime("[%H:%M:%S]"), "\033[1;31m%s\033[0m" % ret)
            try:
                msg = input("\033[1;34m我: \033[0m")
                while msg == "" or len(msg.encode("utf-8")) > 1024:
                    msg = input("\033[1;34m我: \033[0m")
            except EOFError:
                break
            sk.sendall(msg.encode("utf-8"))
            if msg.upper() == "Q":
                break
