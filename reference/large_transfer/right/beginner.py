# 拆包与合包
import struct
import socket


def split(data, size=65536):
    if size <= 0:
        raise ValueError("size 必须大于 0")
    lst = []
    i = 0
    while i < len(data):
        lst.append(data[i:i + size])
        i = i + size
    return lst


def merge(pieces):
    lst = []
    for p in pieces:
        lst.append(p)
    return b"".join(lst)


def send_stream(sk, f):
    print("开始发送")
    while True:
        content = f.read(1024)
        if content == b"":
            break
        sk.sendall(struct.pack("i", len(content)))
        sk.sendall(content)
    sk.sendall(struct.pack("i", 0))
    print("发送完了")


def recv_n(sk, n):
    # 收满 n 个字节
    content = b""
    while len(content) != n:
        c = sk.recv(n - len(content))
        if len(c) == 0:
            raise ConnectionError("对方断开了")
        content = content + c
    return content


def recv_stream(sk, f):
    count = 0
    while True:
        length = struct.unpack("i", recv_n(sk, 4))[0]
        if length == 0:
            break
        if length < 0 or length > 65536:
            raise ValueError("长度不对")
        f.write(recv_n(sk, length))
        count = count + length
    print("一共收到", count)
    return count
