# kills: udp_chat.server.rests
import socket


def serve(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.bind((host, port))
    sk.setblocking(False)
    while True:
        try:
            data, addr = sk.recvfrom(2048)
        except BlockingIOError:
            continue
        if len(data) > 1024:
            continue
        try:
            msg = data.decode('utf-8')
        except UnicodeDecodeError:
            continue
        print(msg)
        sk.sendto('收到'.encode('utf-8'), addr)
