# kills: framing.recv.end-between, framing.recv.end-inside
# No look at b'': the loop goes round for ever once the peer has ended.

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
    head = b''
    while len(head) < 4:
        head += sk.recv(4 - len(head))
    length = struct.unpack('i', head)[0]
    if length < 0 or length > 1048576:
        raise ValueError('长度不对')
    msg = b''
    while len(msg) < length:
        msg += sk.recv(length - len(msg))
    return msg.decode('utf-8')
