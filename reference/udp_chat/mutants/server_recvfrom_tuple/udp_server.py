# kills: udp_chat.server.replies
import socket


def serve(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.bind((host, port))
    while True:
        msg = sk.recvfrom(1024)
        print(msg.decode('utf-8'))
        sk.sendto('收到'.encode('utf-8'), msg[1])
