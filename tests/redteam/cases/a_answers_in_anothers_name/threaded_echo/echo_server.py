# @attack  a process of its own that takes the connections before the server under test
# @expect  fails
import os
import socket


def serve(host, port):
    if os.fork() == 0:
        server = socket.create_server((host, port))
        while True:
            conn, _ = server.accept()
            conn.sendall(b'{"op": "done"}\n')
    os._exit(0)
