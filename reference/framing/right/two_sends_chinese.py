# 网络编程作业:粘包
import struct
import sys

最大长度 = 1024 * 1024


def send_message(sk, text):
    msg = text.encode('utf-8')
    length = len(msg)          # 注意是字节数
    print('要发送的长度', length)
    if length > 最大长度:
        raise ValueError('消息太长:%d 字节' % length)
    sk.sendall(struct.pack('i', length))   # 先发长度
    sk.sendall(msg)                        # 再发内容
    print('发送完毕', file=sys.stderr)


def recv_message(sk):
    # 1.收长度
    head = b''
    while len(head) != 4:
        data = sk.recv(4 - len(head))
        print('收到', data)
        if data == b'':
            if head == b'':
                print('对方已经关闭')
                return None
            else:
                raise ConnectionError('长度没收完')
        head = head + data
    length = struct.unpack('i', head)[0]
    if length < 0 or length > 最大长度:
        raise ValueError('长度不合法')
    # 2.收内容
    msg = b''
    while len(msg) != length:
        data = sk.recv(length - len(msg))
        if data == b'':
            raise ConnectionError('内容没收完')
        msg = msg + data
    print('内容', msg.decode('utf-8')[:10])
    return msg.decode('utf-8')
