"""文件的传输（发送端）/ File transfer, the sending side. README.zh.md 画出了线上的字节 / README.md draws the bytes.

先发 4 字节的头部长度，再发 JSON 头部（文件名、文件大小），最后发文件内容。
First the length of the header in 4 bytes, then a JSON header (name and size of the file), then the file itself.
"""

import json
import os
import socket
import struct


def send_file(host: str, port: int, path: str) -> None:
    """连接 (host, port)，发送 path 这个文件，然后关闭连接。

    文件不存在、读不了，或者是个目录：在连接之前就抛出 OSError。
    网络出错、文件在发送过程中变短：抛出 OSError。内存用量与文件大小无关。

    Connect to (host, port), send the file `path`, and close the connection.
    Raise OSError before connecting if there is no such file or it cannot be read; raise OSError if the network
    fails or the file shrinks while it is sent. Use no more memory for a large file than for a small one.
    """
    # TODO: 打开文件，连接，发送长度、头部和内容 / open the file, connect, send the length, the header and the content
    raise NotImplementedError
