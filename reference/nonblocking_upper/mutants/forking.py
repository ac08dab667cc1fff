# kills: nonblocking_upper.server.one-thread
import os
import signal
import socket


def serve(host, port):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sk = socket.create_server((host, port), backlog=100)
    while True:
        conn, addr = sk.accept()
        if os.fork() == 0:
            sk.close()
            try:
                while data := conn.recv(1024):
                    conn.sendall(data.upper())
            except OSError:
                pass
            os._exit(0)
        conn.close()
