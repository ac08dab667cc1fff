import socket
import sys


def chat(host, port):
    with socket.create_connection((host, port)) as sock:
        while True:
            data = sock.recv(1024)
            if data in (b"", b"Q", b"q"):
                return
            data.decode()  # or it is no text
            sys.stdout.buffer.write(b"\r" + data + b"\r\n")
            sys.stdout.buffer.flush()
            line = b"\n"
            while line == b"\n" or len(line) > 1025:
                line = sys.stdin.buffer.readline()
            if not line:
                return
            sock.sendall(line.rstrip(b"\n"))
            if line in (b"Q\n", b"q\n"):
                return
