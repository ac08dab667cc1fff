# kills: client_auth.client.digest
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


def chat(host, port, secret, lines):
    sk = socket.socket()
    sk.connect((host, port))
    rand = recv_exact(sk, 32)
    sk.sendall(secret)
    answers = []
    for line in lines:
        msg = line.encode('utf-8')
        try:
            sk.sendall(msg)
            answer = recv_exact(sk, len(msg))
        except ConnectionError:
            if not answers:
                raise PermissionError('服务器拒绝了')
            raise
        answers.append(answer.decode('utf-8'))
    sk.close()
    return answers
