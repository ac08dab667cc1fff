"""Watches the keyboard and the connection at the same time, so that a partner who leaves is noticed at once."""

import select
import socket
import sys


class Gone(Exception):
    pass


def serve(host, port):
    listener = socket.create_server((host, port))
    while True:
        conn = listener.accept()[0]
        try:
            talk(conn, speaks=True)
        except (Gone, OSError, ValueError):
            pass
        finally:
            conn.close()


def talk(conn, speaks):
    while True:
        if speaks:
            line = ask(conn)
            if line is None:
                return
            conn.sendall(line.encode())
            if line in ("Q", "q"):
                return
        text = hear(conn)
        if text in ("Q", "q"):
            return
        sys.stdout.write(text + "\n")
        speaks = True


def hear(conn):
    data = conn.recv(4096)
    if not data:
        raise Gone
    return data.decode()


def ask(conn):
    sys.stdout.write("> ")
    sys.stdout.flush()
    while True:
        ready, _, _ = select.select([sys.stdin, conn], [], [])
        if conn in ready and not conn.recv(1, socket.MSG_PEEK):
            raise Gone
        if sys.stdin in ready:
            line = sys.stdin.readline()
            if not line:
                return None
            line = line.rstrip("\n")
            if 0 < len(line.encode()) <= 1024:
                return line
