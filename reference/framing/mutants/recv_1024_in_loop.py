# kills: framing.recv.glued, framing.recv.any-cut
# Reads 1024 bytes at a time until the message is whole; what came behind it is thrown away.

import struct


def send_message(sk, text):
    msg = text.encode('utf-8')
    length = len(msg)
    if length > 1024 * 1024:
        raise ValueError('消息太长了')
    # 先发长度,再发内容
    sk.sendall(struct.pack('i', length))
    sk.sendall(msg)


def recv_message(sk):
    data = b''
    while len(data) < 4:
        tmp = sk.recv(1024)
        if not tmp:
            if not data:
                return None
            raise ConnectionError
        data += tmp
    length = struct.unpack('i', data[:4])[0]
    if length < 0 or length > 1048576:
        raise ValueError(length)
    while len(data) < 4 + length:
        tmp = sk.recv(1024)
        if not tmp:
            raise ConnectionError
        data += tmp
    return data[4:4 + length].decode('utf-8')
