# kills: udp_chat.server.too-long, udp_chat.server.not-text
import socket

def serve(host, port):
    while True:
        sk = socket.socket(type=socket.SOCK_DGRAM)
        sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sk.bind((host, port))
        try:
            while True:
                data, addr = sk.recvfrom(2048)
                assert len(data) <= 1024
                print(addr[0], data.decode())
                sk.sendto('收到'.encode(), addr)
        except (AssertionError, UnicodeDecodeError, OSError) as e:
            print('error', e)
            sk.close()
