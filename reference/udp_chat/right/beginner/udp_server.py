# udp 服务器
import socket

def serve(host, port):
    sk = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)   # 建立一个基于 UDP 的 socket
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    print('服务器启动了...')
    while True:
        msg, addr = sk.recvfrom(65535)
        # 太长的不要
        if len(msg) > 1024:
            print('太长了,丢掉')
            continue
        try:
            msg = msg.decode('utf-8')
        except:
            print('不是utf-8,丢掉')
            continue
        print('来自[%s:%s]的消息:%s' % (addr[0], addr[1], msg))
        sk.sendto('收到'.encode('utf-8'), addr)
    sk.close()
