# kills: udp_chat.server.restart, udp_chat.server.terminate
import socket
from multiprocessing import Process


def serve(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    sk.bind((host, port))
    p = Process(target=loop, args=(sk,))
    p.start()
    p.join()


def loop(sk):
    while True:
        data, addr = sk.recvfrom(2048)
        if len(data) > 1024:
            continue
        try:
            msg = data.decode('utf-8')
        except UnicodeDecodeError:
            continue
        print(msg)
        sk.sendto('收到'.encode('utf-8'), addr)
