# kills: framing.recv.header-split, framing.recv.random, framing.recv.any-cut
# One recv(4) for the header; the text is read in a loop.

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
    head = sk.recv(4)
    if not head:
        return None
    length = struct.unpack('i', head)[0]
    if length < 0 or length > 1024 * 1024:
        raise ValueError('长度不对')
    msg = b''
    while len(msg) < length:
        data = sk.recv(length - len(msg))
        if not data:
            raise ConnectionError('没收完就断了')
        msg += data
    return msg.decode('utf-8')
