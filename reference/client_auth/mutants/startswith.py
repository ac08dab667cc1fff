# kills: client_auth.server.truncated
import hashlib
import os
import socket
import threading
import time


def get_md5(secret, rand):
    md5 = hashlib.md5(secret)
    md5.update(rand)
    return md5.hexdigest().encode()


def recv_digest(conn):
    conn.settimeout(5)
    return conn.recv(32)


def chat(conn):
    conn.settimeout(None)
    while True:
        msg = conn.recv(1024)
        if not msg:
            break
        conn.sendall(msg.upper())


def handle(conn, secret):
    try:
        rand = os.urandom(32)
        conn.sendall(rand)
        if get_md5(secret, rand).startswith(recv_digest(conn)):
            chat(conn)
    except OSError as e:
        print('client', e)
    finally:
        conn.close()


def serve(host, port, secret):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen(500)
    while True:
        conn, addr = sk.accept()
        threading.Thread(target=handle, args=(conn, secret), daemon=True).start()
