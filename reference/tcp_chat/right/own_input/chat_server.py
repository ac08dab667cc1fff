"""Has an input and a print of its own, and waits for the client to close before it closes."""

import os
import socket


def print(*words):
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def input():
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(0, 1)
        if not piece:
            raise EOFError
        line += piece
    return line[:-1].decode()


def serve(host, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
    s.bind((host, port))
    s.listen(1)
    while True:
        c, _ = s.accept()
        try:
            one(c)
            c.shutdown(socket.SHUT_WR)
        except EOFError:
            c.close()
            return
        except (OSError, ValueError) as e:
            print("-- lost:", e)
        c.close()


def one(c):
    while True:
        line = input()
        size = len(line.encode())
        if not size:
            print("-- say something")
        elif size > 1024:
            print("--", size, "bytes are too many")
        else:
            c.sendall(line.encode())
            if line == "Q" or line == "q":
                return
            heard = c.recv(1025).decode()
            if heard == "" or heard == "Q" or heard == "q":
                return
            print(heard)
