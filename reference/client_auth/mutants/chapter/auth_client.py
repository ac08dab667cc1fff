import hashlib
import socket
import time


def get_md5(secret_key, randseq):
    md5 = hashlib.md5(secret_key)
    md5.update(randseq)
    res = md5.hexdigest()
    return res


def chat(host, port, secret, lines):
    sk = socket.socket()
    sk.connect((host, port))
    randseq = sk.recv(32)
    md5code = get_md5(secret, randseq)
    sk.send(md5code.encode('utf-8'))
    res = []
    for line in lines:
        sk.send(line.encode('utf-8'))
        msg = sk.recv(1024).decode('utf-8')
        print(msg)
        res.append(msg)
        time.sleep(0.01)
    sk.close()
    return res
