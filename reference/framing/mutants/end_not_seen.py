# kills: framing.recv.end-between, framing.recv.end-inside
# The loop ends at b'', and what there is goes to unpack unmeasured.

import struct


def send_message(sk, text):
    msg = text.encode('utf-8')
    length = len(msg)
    if length > 1024 * 1024:
        raise ValueError('消息太长了')
    # 先发长度,再发内容
    sk.sendall(struct.pack('i', length))
    sk.sendall(msg)


def recv_all(sk, size):
    data = b''
    while len(data) < size:
        tmp = sk.recv(size - len(data))
        if not tmp:
            break
        data += tmp
    return data


def recv_message(sk):
    length = struct.unpack('i', recv_all(sk, 4))[0]
    if length < 0 or length > 1048576:
        raise ValueError('长度不对')
    msg = recv_all(sk, length)
    if len(msg) < length:
        raise ConnectionError('断开')
    return msg.decode('utf-8')
