# kills: framing.recv.one, framing.send.one
# No length at all: what one recv returns is taken for a message.




def send_message(sk, text):
    sk.sendall(text.encode('utf-8'))


def recv_message(sk):
    data = sk.recv(1024)
    if not data:
        return None
    return data.decode('utf-8')
