import struct


def send_message(sock, text):
    data = text.encode('utf-8')
    if len(data) > 1048576:
        raise ValueError('the message is too long')
    head = struct.pack('<i', len(data))
    sock.sendall(head)
    sock.sendall(data)


def recv_message(sock):
    # first the head, 4 bytes
    head = b''
    while len(head) < 4:
        piece = sock.recv(4 - len(head))
        if piece == b'':
            if head == b'':
                return None
            raise ConnectionError('the other side left in the middle of the head')
        head = head + piece
    n = struct.unpack('<i', head)[0]
    if n < 0 or n > 1048576:
        raise ValueError('bad length')

    # then the body, n bytes
    body = b''
    while len(body) < n:
        piece = sock.recv(n - len(body))
        if piece == b'':
            raise ConnectionError('the other side left in the middle of the body')
        body = body + piece
    return body.decode('utf-8')
