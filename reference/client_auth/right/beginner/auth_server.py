# -*- coding: utf-8 -*-
# 作业：验证客户端的合法性（服务器端）
import hashlib
import os
import socket
import threading
import time


def get_md5(secret_key, randseq):
    md5 = hashlib.md5(secret_key)   # 先放密钥
    md5.update(randseq)             # 再放随机数
    return md5.hexdigest()


def shou_32(conn):
    '''收满 32 个字节，最多等 5 秒；收不满就返回 None'''
    kaishi = time.time()
    data = b''
    while len(data) != 32:
        shengyu = 5 - (time.time() - kaishi)
        if shengyu <= 0:
            return None
        conn.settimeout(shengyu)
        try:
            yi_kuai = conn.recv(32 - len(data))
        except socket.timeout:
            print('超时了')
            return None
        if yi_kuai == b'':
            return None
        data = data + yi_kuai
    conn.settimeout(None)
    return data


def chat(conn):
    while True:
        msg = conn.recv(1024)
        if len(msg) == 0:
            break
        conn.sendall(msg.upper())


def fuwu(conn, addr, secret_key):
    print('来了', addr)
    try:
        randseq = os.urandom(32)
        conn.sendall(randseq)
        ret = shou_32(conn)
        if ret is None:
            print('没有收到摘要')
        elif ret == get_md5(secret_key, randseq).encode('utf-8'):
            print('是合法的客户端')
            chat(conn)
        else:
            print('不是合法的客户端')
    except Exception as e:
        print('出错了', e)
    conn.close()


def serve(host, port, secret):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen(200)
    while True:
        conn, addr = sk.accept()
        t = threading.Thread(target=fuwu, args=(conn, addr, secret))
        t.daemon = True
        t.start()


if __name__ == '__main__':
    serve('127.0.0.1', 9001, b'alex sb')
