"""Polls with a time-out, as in programs that have other things to do as well."""

import selectors
import socket
import sys


def chat(host, port):
    with socket.create_connection((host, port)) as conn, selectors.DefaultSelector() as selector:
        selector.register(sys.stdin, selectors.EVENT_READ)
        selector.register(conn, selectors.EVENT_READ)
        mine = False
        while True:
            ready = {key.fileobj for key, _ in selector.select(timeout=0.5)}
            if conn in ready:
                data = conn.recv(1024)
                if not data or data in (b"Q", b"q"):
                    return
                print(data.decode())
                mine = True
            elif sys.stdin in ready and mine:
                line = sys.stdin.readline()
                if not line:
                    return
                line = line[:-1]
                if line and len(line.encode()) <= 1024:
                    conn.sendall(line.encode())
                    mine = False
                    if line.upper() == "Q":
                        return
