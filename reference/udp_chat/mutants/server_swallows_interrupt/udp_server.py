# kills: udp_chat.server.interrupt
import socket


def serve(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.bind((host, port))
    while True:
        try:
            data, addr = sk.recvfrom(2048)
            if len(data) <= 1024:
                print(data.decode('utf-8'))
                sk.sendto('收到'.encode('utf-8'), addr)
        except:
            continue
