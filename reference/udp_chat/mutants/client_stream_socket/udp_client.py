# kills: udp_chat.client.sends
import socket


def chat(host, port):
    sk = socket.socket()
    while True:
        content = input('>>>')
        if content.upper() == 'Q':
            break
        sk.sendto(content.encode('utf-8'), (host, port))
        msg, addr = sk.recvfrom(1024)
        print(msg.decode('utf-8'))
