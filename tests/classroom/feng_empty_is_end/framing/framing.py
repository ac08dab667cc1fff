import struct

LIMIT = 1048576


def recv_all(sock, n):
    data = b''
    while len(data) < n:
        piece = sock.recv(n - len(data))
        if not piece:
            raise ConnectionError('the connection is closed')
        data += piece
    return data


def send_message(sock, text):
    body = text.encode('utf-8')
    if len(body) > LIMIT:
        raise ValueError('too long')
    sock.sendall(struct.pack('<i', len(body)) + body)


def recv_message(sock):
    head = sock.recv(1)
    if not head:
        return None
    head += recv_all(sock, 3)
    n = struct.unpack('<i', head)[0]
    if n < 0 or n > LIMIT:
        raise ValueError('bad length')
    data = recv_all(sock, n)
    if not data:
        return None
    return data.decode('utf-8')
