# kills: udp_chat.server.client-gone
import socket


def serve(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.bind((host, port))
    sk.setsockopt(socket.IPPROTO_IP, 11, 1)  # IP_RECVERR：想知道回复有没有送到
    while True:
        data, addr = sk.recvfrom(2048)
        if len(data) > 1024:
            continue
        try:
            msg = data.decode('utf-8')
        except UnicodeDecodeError:
            continue
        print(msg)
        sk.sendto('收到'.encode('utf-8'), addr)
