# kills: framing.recv.header-split, framing.recv.payload-split, framing.recv.random
# Sleeps a little so that everything may have come, then takes one recv for one piece.

import struct
import time


def send_message(sk, text):
    msg = text.encode('utf-8')
    if len(msg) > 1024 * 1024:
        raise ValueError('太长')
    sk.sendall(struct.pack('i', len(msg)))
    time.sleep(0.001)      # 防止粘包
    sk.sendall(msg)


def recv_message(sk):
    head = sk.recv(4)
    if not head:
        return None
    if len(head) < 4:
        raise ConnectionError('断开')
    length = struct.unpack('i', head)[0]
    if length < 0 or length > 1024 * 1024:
        raise ValueError('长度不对')
    if length == 0:
        return ''
    time.sleep(0.01)       # 等数据到齐
    msg = sk.recv(length)
    if not msg:
        raise ConnectionError('断开')
    return msg.decode('utf-8')
