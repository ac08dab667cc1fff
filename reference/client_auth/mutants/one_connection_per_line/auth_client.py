# kills: client_auth.client.chat
import hashlib
import socket


def recv_exact(sk, n):
    data = b''
    while len(data) < n:
        piece = sk.recv(n - len(data))
        if not piece:
            raise ConnectionError('服务器断开了')
        data += piece
    return data


def ask(host, port, secret, line):
    sk = socket.socket()
    sk.connect((host, port))
    rand = recv_exact(sk, 32)
    sk.sendall(hashlib.md5(secret + rand).hexdigest().encode() + line.encode())
    answer = recv_exact(sk, len(line.encode())).decode()
    sk.close()
    return answer


def chat(host, port, secret, lines):
    return [ask(host, port, secret, line) for line in lines]
