import struct

LIMIT = 1048576


def send_message(sock, text):
    body = text.encode('utf-8')
    if len(body) > LIMIT:
        raise ValueError('too long')
    sock.sendall(struct.pack('!i', len(body)) + body)


def read(sock, n):
    data = b''
    while len(data) < n:
        piece = sock.recv(n - len(data))
        if not piece:
            break
        data += piece
    return data


def recv_message(sock):
    head = read(sock, 4)
    if not head:
        return None
    if len(head) < 4:
        raise ConnectionError('closed in the head')
    n, = struct.unpack('!i', head)
    if not 0 <= n <= LIMIT:
        raise ValueError('length %d' % n)
    body = read(sock, n)
    if len(body) < n:
        raise ConnectionError('closed in the body')
    return body.decode('utf-8')
