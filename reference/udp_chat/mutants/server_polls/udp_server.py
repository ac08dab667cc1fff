# kills: udp_chat.server.no-polling
import socket


def serve(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.bind((host, port))
    sk.settimeout(0.005)
    while True:
        try:
            data, addr = sk.recvfrom(2048)
        except TimeoutError:
            continue
        if len(data) > 1024:
            continue
        try:
            msg = data.decode('utf-8')
        except UnicodeDecodeError:
            continue
        print(msg)
        sk.sendto('收到'.encode('utf-8'), addr)
