# kills: udp_chat.server.not-text
import socket


def serve(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.bind((host, port))
    while True:
        data, addr = sk.recvfrom(2048)
        if len(data) > 1024:
            continue
        try:
            msg = data.decode('utf-8')
        except UnicodeDecodeError:
            print('不是 UTF-8')
            break
        print(msg)
        sk.sendto('收到'.encode('utf-8'), addr)
