# 第五章 1.5 粘包：先发长度，再发内容
import struct

最大长度 = 1024 * 1024  # 一条消息最多 1 MiB


def 收满(sock, 总数):
    """一直收，直到收满“总数”个字节；对方提前关闭就返回已收到的部分。"""
    数据 = b""
    while len(数据) < 总数:
        一段 = sock.recv(min(总数 - len(数据), 65536))
        if len(一段) == 0:
            break
        数据 += 一段
    return 数据


def send_message(sock, text):
    内容 = text.encode("utf-8")  # 长度是字节数，不是字符数！
    if len(内容) > 最大长度:
        raise ValueError("消息太长：%d 字节" % len(内容))
    sock.sendall(struct.pack("<i", len(内容)) + 内容)


def recv_message(sock):
    头 = 收满(sock, 4)
    if len(头) == 0:
        return None  # 对方正常结束
    if len(头) < 4:
        raise ConnectionError("长度还没收完，对方就断开了")
    长度 = struct.unpack("<i", 头)[0]
    if 长度 < 0 or 长度 > 最大长度:
        raise ValueError("不可能的长度：%d" % 长度)
    内容 = 收满(sock, 长度)
    if len(内容) < 长度:
        raise ConnectionError("消息还没收完，对方就断开了")
    return 内容.decode("utf-8")
