# kills: framing.recv.reset, framing.send.reset
# OSError is caught on both sides, and nobody hears of it.

import struct


def send_message(sk, text):
    msg = text.encode('utf-8')
    if len(msg) > 1048576:
        raise ValueError('太长')
    try:
        sk.sendall(struct.pack('i', len(msg)) + msg)
    except OSError as e:
        print('发送失败', e)


def recv_message(sk):
    try:
        head = recv_all(sk, 4)
        if not head:
            return None
        length = struct.unpack('i', head)[0]
        if length < 0 or length > 1048576:
            raise ValueError('长度不对')
        msg = recv_all(sk, length)
    except ConnectionResetError:
        print('对方重置了连接')
        return None
    return msg.decode('utf-8')


def recv_all(sk, size):
    data = b''
    while len(data) < size:
        tmp = sk.recv(size - len(data))
        if not tmp:
            if data or size != 4:
                raise ConnectionError('对方断开')
            break
        data += tmp
    return data
