# kills: udp_chat.client.many
import socket
import threading


def chat(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.bind(('', 0))
    t = threading.Thread(target=show, args=(sk,), daemon=True)
    t.start()
    while True:
        content = input('>>>')
        if content in ('Q', 'q'):
            break
        sk.sendto(content.encode('utf-8'), (host, port))


def show(sk):
    while True:
        data, addr = sk.recvfrom(1024)
        print(data.decode('utf-8'))
