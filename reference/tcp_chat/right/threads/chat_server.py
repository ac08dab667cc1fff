"""A thread receives, the main thread does the rest: they meet in a queue."""

import queue
import socket
import threading


def receive(conn, heard):
    data = b"?"
    while data:
        try:
            data = conn.recv(1024)
        except OSError:
            data = b""
        heard.put(data)


def serve(host, port):
    server = socket.create_server((host, port))
    while True:
        conn, _ = server.accept()
        heard = queue.Queue()
        threading.Thread(target=receive, args=(conn, heard), daemon=True).start()
        try:
            talk(conn, heard)
        except (OSError, ValueError, EOFError):
            pass
        try:
            conn.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        conn.close()


def talk(conn, heard):
    while True:
        line = input()
        if not 0 < len(line.encode()) < 1025:
            continue
        conn.sendall(line.encode())
        if line in ("Q", "q"):
            return
        text = heard.get().decode()
        if text in ("", "Q", "q"):
            return
        print(text)
