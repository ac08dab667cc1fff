# kills: udp_chat.server.replies, udp_chat.client.resends, udp_chat.client.strangers, udp_chat.client.duplicates, udp_chat.client.input-ends, udp_chat.client.bad-answers
import socket


def serve(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.bind((host, port))
    while True:
        msg, addr = sk.recvfrom(1024)
        print(msg.decode('utf-8'))
        content = input('>>>')
        sk.sendto('收到'.encode('utf-8'), addr)
