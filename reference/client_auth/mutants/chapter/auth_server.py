# kills: client_auth.server.digest-split, client_auth.server.not-text, client_auth.server.eof-no-spin, client_auth.server.silent, client_auth.server.any-bytes, client_auth.server.fin, client_auth.client.challenge-split, client_auth.client.answer-split, client_auth.client.long-lines, client_auth.client.empty-line, client_auth.client.refused, client_auth.client.lost, client_auth.client.short-challenge
import hashlib
import os
import socket


def get_md5(secret_key, randseq):
    md5 = hashlib.md5(secret_key)
    md5.update(randseq)
    res = md5.hexdigest()
    return res


def chat(conn):
    while True:
        msg = conn.recv(1024).decode('utf-8')
        print(msg)
        conn.send(msg.upper().encode('utf-8'))


def serve(host, port, secret):
    sk = socket.socket()
    sk.bind((host, port))
    sk.listen()
    while True:
        conn, addr = sk.accept()
        randseq = os.urandom(32)
        conn.send(randseq)
        md5code = get_md5(secret, randseq)
        ret = conn.recv(32).decode('utf-8')
        print(ret)
        if ret == md5code:
            print('是合法的客户端')
            chat(conn)
        else:
            print('不是合法的客户端')
            conn.close()
    sk.close()
