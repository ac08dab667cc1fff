# kills: udp_chat.client.waits-a-second
import socket

tries = 3
def chat(host, port):
    global tries
    addr = (host, port)
    while True:
        try:
            msg = input('>>>')
        except EOFError:
            return
        if msg == 'Q' or msg == 'q':
            return
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sk:
            sk.settimeout(1)
            data = None
            delay = 1
            for n in range(3):
                sk.settimeout(delay)
                delay *= 2
                sk.sendto(bytes(msg, 'utf8'), addr)
                try:
                    data, who = sk.recvfrom(1025)
                    while who != addr or len(data) > 1024:
                        data, who = sk.recvfrom(1025)
                    data = data.decode()
                    break
                except (socket.timeout, UnicodeDecodeError):
                    data = None
            if data is None:
                raise TimeoutError('gone')
            if data == 'Q' or data == 'q':
                return
            print(data)
