# @attack  a server that forks without an end for every client
# @expect  fails
import os
import socket


def serve(host, port):
    server = socket.create_server((host, port))
    while True:
        conn, _ = server.accept()
        for _ in range(3000):
            try:
                os.fork()
            except OSError:
                pass
