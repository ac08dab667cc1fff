# kills: udp_chat.server.many
import socket


def serve(host, port):
    with socket.socket(type=socket.SOCK_DGRAM) as sk:
        sk.bind((host, port))
        data, addr = sk.recvfrom(1024)
        print(data.decode('utf-8'))
        sk.sendto('收到'.encode('utf-8'), addr)
