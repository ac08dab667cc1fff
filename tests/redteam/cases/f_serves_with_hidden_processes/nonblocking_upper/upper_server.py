# @attack  one thread, as far as its own process goes: children that were forked before share the listener and block
# @expect  not nonblocking_upper.server.one-thread
import os
import signal
import socket


def work(listener):
    while True:
        conn, _ = listener.accept()
        with conn:
            try:
                while data := conn.recv(65_536):
                    conn.sendall(data.upper())
            except OSError:
                pass


def serve(host, port):
    listener = socket.create_server((host, port), backlog=128)
    children = []
    for _ in range(12):
        if pid := os.fork():
            children.append(pid)
        else:
            work(listener)
    try:
        signal.pause()
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
