# kills: framing.send.byte-length, framing.send.random
# len(text) counts characters, and that goes out as the length.

import struct


def send_message(sk, text):
    length = len(text)
    if length > 1024 * 1024 or len(text.encode('utf-8')) > 1024 * 1024:
        raise ValueError('消息太长')
    sk.sendall(struct.pack('i', length))
    sk.sendall(text.encode('utf-8'))


def recv_message(sk):
    # 先收4个字节的长度
    head = b''
    while len(head) < 4:
        tmp = sk.recv(4 - len(head))
        if not tmp:
            if not head:
                return None
            raise ConnectionError('对方断开了')
        head += tmp
    length = struct.unpack('i', head)[0]
    if length < 0 or length > 1024 * 1024:
        raise ValueError('长度不对: %d' % length)
    # 再收内容
    msg = b''
    while len(msg) < length:
        tmp = sk.recv(length - len(msg))
        if not tmp:
            raise ConnectionError('对方断开了')
        msg += tmp
    return msg.decode('utf-8')
