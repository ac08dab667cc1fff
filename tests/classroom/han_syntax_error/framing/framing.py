import struct


def send_message(sock, text):
    body = text.encode('utf-8')
    sock.sendall(struct.pack('<i', len(body)) + body)


def recv_message(sock)
    head = sock.recv(4)
    n = struct.unpack('<i', head)[0]
    return sock.recv(n).decode('utf-8')
