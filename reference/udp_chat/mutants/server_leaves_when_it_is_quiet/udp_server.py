# kills: udp_chat.server.patient
import socket


def serve(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.bind((host, port))
    sk.settimeout(0.8)
    while True:
        try:
            data, addr = sk.recvfrom(2048)
        except TimeoutError:
            print('没有人说话，退出')
            break
        if len(data) > 1024:
            continue
        try:
            msg = data.decode('utf-8')
        except UnicodeDecodeError:
            continue
        print(msg)
        sk.sendto('收到'.encode('utf-8'), addr)
