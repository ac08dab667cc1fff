# udp 客户端
import socket
import time

def chat(host, port):
    sk = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    addr = (host, port)
    while True:
        try:
            info = input('>>>>')
        except EOFError:
            break
        if info == 'q' or info == 'Q':
            break
        # 先把以前剩下的收完
        sk.setblocking(False)
        while True:
            try:
                sk.recvfrom(65535)
            except:
                break
        huifu = None
        cishu = 0
        while cishu < 3 and huifu is None:
            cishu = cishu + 1
            sk.sendto(info.encode('utf-8'), addr)
            kaishi = time.time()
            while time.time() - kaishi < 1:
                shengyu = 1 - (time.time() - kaishi)
                if shengyu <= 0:
                    break
                sk.settimeout(shengyu)
                try:
                    msg, who = sk.recvfrom(65535)
                except socket.timeout:
                    break
                if who != addr:
                    continue
                if len(msg) > 1024:
                    continue
                try:
                    huifu = msg.decode('utf-8')
                    break
                except UnicodeDecodeError:
                    continue
        if huifu is None:
            raise TimeoutError('服务器没有回复')
        print('服务器:' + huifu)
        if huifu.upper() == 'Q':
            break
    sk.close()
