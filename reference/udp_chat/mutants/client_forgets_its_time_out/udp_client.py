# kills: udp_chat.client.counts-anew
import socket


def chat(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.settimeout(1)
    server = (host, port)
    while True:
        try:
            content = input('>>>')
        except EOFError:
            break
        if content in ('Q', 'q'):
            break
        msg = ask(sk, server, content.encode('utf-8'))
        print(msg)
        forget(sk)
        if msg in ('Q', 'q'):
            break


def ask(sk, server, data):
    for i in range(3):
        sk.sendto(data, server)
        try:
            return wait_answer(sk, server)
        except TimeoutError:
            pass
    raise TimeoutError('没有回复')


def forget(sk):
    sk.setblocking(False)
    try:
        while True:
            sk.recv(2048)
    except BlockingIOError:
        pass
    sk.setblocking(True)


def wait_answer(sk, server):
    while True:
        data, addr = sk.recvfrom(2048)
        if addr != server or len(data) > 1024:
            continue
        try:
            return data.decode('utf-8')
        except UnicodeDecodeError:
            continue
