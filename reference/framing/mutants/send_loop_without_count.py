# kills: framing.send.stalled-reader
# send() in a loop that never looks at what it returned.

import struct


def send_message(sk, text):
    msg = text.encode('utf-8')
    if len(msg) > 1048576:
        raise ValueError('太长')
    sk.sendall(struct.pack('i', len(msg)))
    sent = 0
    while sent < len(msg):
        sk.send(msg[sent:sent + 65536])
        sent += 65536


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
