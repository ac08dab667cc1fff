"""接收端：先进入目录，再在那里写临时文件。"""

import json
import os
import socket
import struct
import uuid


def receive_file(host, port, directory):
    文件夹 = os.path.abspath(directory)
    监听 = socket.socket()
    监听.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    监听.bind((host, port))
    监听.listen(0)
    连接, 对方 = 监听.accept()
    监听.close()
    print("来自", 对方)
    os.chdir(文件夹)
    临时 = uuid.uuid4().hex + ".tmp"
    try:
        长度 = struct.unpack("i", 收(连接, 4))[0]
        if 长度 < 1 or 长度 > 65536:
            raise ValueError("头部长度不对：%d" % 长度)
        名字, 大小 = 检查(收(连接, 长度))
        with open(临时, "wb") as 文件:
            还差 = 大小
            while 还差 > 0:
                块 = 连接.recv(1000 if 还差 > 1000 else 还差)
                if len(块) == 0:
                    raise ConnectionError("还差 %d 个字节" % 还差)
                文件.write(块)
                还差 = 还差 - len(块)
        连接.settimeout(0.3)
        try:
            多余 = 连接.recv(1)
        except socket.timeout:
            多余 = b""
        if 多余 != b"":
            raise ValueError("字节太多了")
        os.rename(临时, 名字)
        return 文件夹 + "/" + 名字
    finally:
        连接.close()
        if os.path.exists(临时):
            os.remove(临时)


def 检查(头部):
    try:
        字典 = json.loads(头部.decode("utf-8"))
        名字 = 字典["filename"]
        大小 = 字典["filesize"]
    except (KeyError, TypeError, RecursionError) as 错误:
        raise ValueError("头部不对") from 错误
    if type(名字) != str or type(大小) != int or 大小 < 0:
        raise ValueError("头部不对")
    for 坏 in ["/", "\\", "\0"]:
        if 坏 in 名字:
            raise ValueError("名字里有 " + repr(坏))
    if 名字 == "" or 名字 == "." or 名字 == ".." or len(名字.encode("utf-8")) > 255:
        raise ValueError("名字不对")
    return 名字, 大小


def 收(连接, 数量):
    数据 = b""
    while len(数据) < 数量:
        块 = 连接.recv(数量 - len(数据))
        if 块 == b"":
            raise ConnectionError("头部没有收完")
        数据 = 数据 + 块
    return 数据
