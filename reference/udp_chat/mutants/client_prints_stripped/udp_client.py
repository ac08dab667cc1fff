# kills: udp_chat.client.blanks
import socket


def chat(host, port):
    server = (host, port)
    while True:
        try:
            content = input('>>>')
        except EOFError:
            break
        if content in ('Q', 'q'):
            break
        msg = ask(server, content.encode('utf-8'))
        print(msg.strip())
        if msg in ('Q', 'q'):
            break


def ask(server, data):
    with socket.socket(type=socket.SOCK_DGRAM) as sk:
        sk.connect(server)
        sk.settimeout(1)
        for i in range(3):
            sk.send(data)
            try:
                return wait_answer(sk)
            except TimeoutError:
                print('没有回复，再发一次')
        raise TimeoutError('没有回复')


def wait_answer(sk):
    while True:
        data = sk.recv(2048)
        if len(data) > 1024:
            continue
        try:
            return data.decode('utf-8')
        except UnicodeDecodeError:
            continue
