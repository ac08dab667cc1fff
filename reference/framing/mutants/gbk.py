# kills: framing.recv.byte-length, framing.send.byte-length, framing.recv.invalid-utf8
# GBK, as the terminal speaks it.

import struct


def send_message(sk, text):
    msg = text.encode('gbk', 'replace')
    length = len(msg)
    if length > 1024 * 1024:
        raise ValueError('消息太长了')
    # 先发长度,再发内容
    sk.sendall(struct.pack('i', length))
    sk.sendall(msg)


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
    return msg.decode('gbk', 'replace')
