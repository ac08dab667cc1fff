import struct


def send_message(sock, text):
    data = text.encode('utf-8')
    if len(data) > 1048576:
        raise ValueError('too long')
    sock.sendall(struct.pack('<i', len(data)))
    sock.sendall(data)


def recv_message(sock):
    head = sock.recv(4)
    if not head:
        return None
    n = struct.unpack('<i', head)[0]
    if n < 0 or n > 1048576:
        raise ValueError('bad length')
    if n == 0:
        return ''
    return sock.recv(n).decode('utf-8')
