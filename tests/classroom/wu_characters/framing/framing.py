import struct


def recv_n(sock, n):
    data = b''
    while len(data) < n:
        piece = sock.recv(n - len(data))
        if not piece:
            raise ConnectionError('connection closed')
        data += piece
    return data


def send_message(sock, text):
    if len(text) > 1048576:
        raise ValueError('too long')
    sock.sendall(struct.pack('<i', len(text)))
    sock.sendall(text.encode('utf-8'))


def recv_message(sock):
    first = sock.recv(1)
    if not first:
        return None
    n = struct.unpack('<i', first + recv_n(sock, 3))[0]
    if n < 0 or n > 1048576:
        raise ValueError('bad length')
    return recv_n(sock, n).decode('utf-8')
