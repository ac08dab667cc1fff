# kills: client_auth.server.reset-idle, client_auth.server.reset-midway
import hashlib
import os
import socket
import time


def get_md5(secret, rand):
    md5 = hashlib.md5(secret)
    md5.update(rand)
    return md5.hexdigest().encode()


def recv_digest(conn):
    deadline = time.time() + 5
    data = b''
    while len(data) < 32:
        conn.settimeout(max(deadline - time.time(), 0.001))
        piece = conn.recv(32 - len(data))
        if not piece:
            break
        data += piece
    return data


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
        if recv_digest(conn) == get_md5(secret, rand):
            chat(conn)
    finally:
        conn.close()


def serve(host, port, secret):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen(500)
    while True:
        conn, addr = sk.accept()
        handle(conn, secret)
