# kills: udp_chat.server.too-long-dropped
import socket


def serve(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.bind((host, port))
    while True:
        data, addr = sk.recvfrom(2048)
        try:
            msg = data.decode('utf-8')
        except UnicodeDecodeError:
            continue
        print(msg)
        if len(data) > 1024:
            continue
        sk.sendto('收到'.encode('utf-8'), addr)
