# kills: udp_chat.client.prints
import socket


def chat(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    while True:
        content = input('>>>')
        if content.upper() == 'Q':
            break
        sk.sendto(content.encode('utf-8'), (host, port))
        msg = sk.recvfrom(1024)
        if msg.upper() == 'Q':
            break
        print(msg.decode('utf-8'))
