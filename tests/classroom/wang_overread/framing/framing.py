import struct


def send_message(sock, text):
    body = text.encode('utf-8')
    if len(body) > 1048576:
        raise ValueError('too long')
    sock.sendall(struct.pack('<i', len(body)) + body)


def recv_message(sock):
    head = b''
    while len(head) < 4:
        piece = sock.recv(4 - len(head))
        if not piece:
            if head:
                raise ConnectionError('closed')
            return None
        head += piece
    size = struct.unpack('<i', head)[0]
    if size < 0 or size > 1048576:
        raise ValueError('bad length')
    data = b''
    while len(data) < size:
        piece = sock.recv(1024)
        if not piece:
            raise ConnectionError('closed')
        data += piece
    return data[:size].decode('utf-8')
