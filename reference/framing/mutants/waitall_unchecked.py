# kills: framing.recv.timeout, framing.recv.end-inside
# MSG_WAITALL, and what it returned is never measured.

import socket
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
    head = sk.recv(4, socket.MSG_WAITALL)
    if not head:
        return None
    length = struct.unpack('i', head)[0]
    if length < 0 or length > 1048576:
        raise ValueError('长度不对')
    if length == 0:
        return ''
    return sk.recv(length, socket.MSG_WAITALL).decode('utf-8')
