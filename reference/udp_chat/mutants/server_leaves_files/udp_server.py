# kills: udp_chat.server.burst
import socket


def serve(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.bind((host, port))
    logs = []
    while True:
        data, addr = sk.recvfrom(2048)
        if len(data) > 1024:
            continue
        try:
            msg = data.decode('utf-8')
        except UnicodeDecodeError:
            continue
        print(msg)
        logs.append(open('chat.log', 'a', encoding='utf-8'))
        print(msg, file=logs[-1])
        sk.sendto('收到'.encode('utf-8'), addr)
