"""Says farewell at the end of its input, and leaves no way out but one."""

import socket
import sys


def chat(host, port):
    sock = socket.socket()
    try:
        sock.connect((host, port))
        turn = 0
        over = False
        while not over:
            turn += 1
            if turn % 2:
                buffer = bytearray(1024)
                n = sock.recv_into(buffer)
                text = buffer[:n].decode()
                over = n == 0 or text in ("Q", "q")
                if not over:
                    print("%s" % text)
            else:
                line = "\n"
                while line == "\n" or len(line.encode()) > 1025:
                    line = sys.stdin.readline()
                line = line[:-1] if line else "Q"
                sock.sendall(line.encode())
                over = line in ("Q", "q")
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(1024):
            pass
    finally:
        sock.close()
