"""文件的传输（接收端）/ File transfer, the receiving side. README.zh.md 画出了线上的字节 / README.md draws the bytes.

头部是陌生人写的：先检查，再使用。出了任何差错，目录里都不能留下半个文件。
A stranger wrote the header: check it before you use it. Whatever goes wrong, no half of a file may stay behind.
"""

import json
import os
import socket
import struct

LONGEST_HEADER = 65_536  # 头部最多的字节数 / the most bytes of a header
LONGEST_NAME = 255  # 文件名最多的字节数 / the most bytes of a name


def receive_file(host: str, port: int, directory: str) -> str:
    """在 (host, port) 上监听，接收一个文件，存到 directory 里，返回它的路径。

    头部不合规定（长度、JSON、文件名、文件大小）时抛出 ValueError；数据太少、太多、连接中断时抛出
    ValueError 或 OSError。抛出异常时，目录里外都和原来一样。内存用量与文件大小无关。

    Listen on (host, port), receive one file, store it in `directory` and return its path.
    Raise ValueError for a header that is not as the README says (its length, the JSON, the name, the size); raise
    ValueError or OSError if too few or too many bytes come or the connection breaks. After an error everything in
    the directory and outside of it is as before. Use no more memory for a large file than for a small one.
    """
    # TODO: 监听，接受一个连接，读长度、头部和内容 / listen, accept one connection, read length, header and content
    raise NotImplementedError
