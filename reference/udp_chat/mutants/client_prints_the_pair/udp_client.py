# kills: udp_chat.client.prints
import socket


def chat(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    while True:
        content = input('>>>')
        if content in ('Q', 'q'):
            break
        sk.sendto(content.encode('utf-8'), (host, port))
        print(sk.recvfrom(1024))
