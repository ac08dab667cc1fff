import struct

n = 0
while n < 10:
    struct.pack('i', n)  # n is never counted up


def send_message(sock, text):
    sock.sendall(struct.pack('<i', len(text.encode())) + text.encode())


def recv_message(sock):
    return None
