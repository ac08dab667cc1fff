import socket


def chat(host, port):
    sk = socket.socket(type=socket.SOCK_DGRAM)
    server = (host, port)
    while True:
        content = input('>>>')
        if content.upper() == 'Q':
            break
        sk.sendto(content.encode('utf-8'), server)
        msg, addr = sk.recvfrom(1024)
        msg = msg.decode('utf-8')
        if msg.upper() == 'Q':
            break
        print(msg)
    sk.close()
