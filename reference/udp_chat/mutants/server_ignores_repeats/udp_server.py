# kills: udp_chat.server.many
import socket


def serve(host, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((host, port))
    last = {}
    while True:
        data, addr = s.recvfrom(2048)
        if len(data) > 1024 or last.get(addr) == data:
            continue
        try:
            print(data.decode())
        except UnicodeDecodeError:
            continue
        last[addr] = data
        s.sendto("收到".encode(), addr)
