# -*- coding: utf-8 -*-
# 作业：验证客户端的合法性（客户端）
import hashlib
import socket
import sys


def chat(host, port, secret, lines):
    sk = socket.socket()
    sk.connect((host, port))
    randseq = b''
    while len(randseq) < 32:
        b = sk.recv(1)              # 一个字节一个字节地收
        if not b:
            sk.close()
            raise ConnectionAbortedError('随机数没有收全')
        randseq += b
    md5 = hashlib.md5()
    md5.update(secret)
    md5.update(randseq)
    sk.sendall(md5.hexdigest().encode('ascii'))
    res = []
    for line in lines:
        data = line.encode('utf-8')
        if len(data) == 0:
            res.append('')
            continue
        print('发送', len(data), '个字节', file=sys.stderr)
        huida = b''
        try:
            sk.sendall(data)
            while len(huida) < len(data):
                yi_kuai = sk.recv(4096)
                if not yi_kuai:
                    raise ConnectionAbortedError('服务器断开了')
                huida += yi_kuai
        except (ConnectionResetError, BrokenPipeError, ConnectionAbortedError):
            sk.close()
            if len(res) == 0:
                raise PermissionError('不是合法的客户端')
            raise
        res.append(huida.decode('utf-8'))
    sk.close()
    return res


if __name__ == '__main__':
    print(chat('127.0.0.1', 9001, b'alex sb', ['hello', '你好']))
