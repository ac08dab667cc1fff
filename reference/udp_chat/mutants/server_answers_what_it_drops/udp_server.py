# kills: udp_chat.server.too-long-dropped
import socket

def serve(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.bind((host, port))
    text = ''
    while True:
        try:
            msg, addr = sk.recvfrom(1025)
        except ConnectionError:
            continue
        try:
            if len(msg) <= 1024:
                text = msg.decode('utf-8')
        except UnicodeDecodeError:
            print('bad')
        else:
            print(text)
            sk.sendto('收到'.encode('utf-8'), addr)
