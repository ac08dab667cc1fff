# kills: udp_chat.server.not-text, udp_chat.server.too-long
import socket


def serve(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.bind((host, port))
    while True:
        msg, addr = sk.recvfrom(1024)
        print(addr, msg.decode('utf-8'))
        sk.sendto('收到'.encode('utf-8'), addr)
