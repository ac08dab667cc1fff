# kills: framing.recv.glued, framing.recv.payload-split
# The length is read and then ignored: recv(1024) takes whatever is there.

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
        tmp = sk.recv(4 - len(head))
        if not tmp:
            if not head:
                return None
            raise ConnectionError
        head += tmp
    length = struct.unpack('i', head)[0]
    if not 0 <= length <= 1048576:
        raise ValueError('bad length')
    if length == 0:
        return ''
    return sk.recv(1024).decode('utf-8')
