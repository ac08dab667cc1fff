"""拆包与合包 / Split and merge: data of any size in pieces over a TCP stream. README.md 说明了线上的字节。

大的数据不能一次装进内存，也不能一次发完：切成一片一片，每一片是一帧（4 字节长度头加内容），
最后用长度为 0 的一帧表示结束。
Large data neither fits into memory nor goes out at once: it is cut into pieces, each piece is a frame (a 4-byte length,
then the bytes), and a frame of length 0 says that this was all.
"""

import socket
import struct
from collections.abc import Iterable
from typing import BinaryIO

SIZE = 65_536  # 一片最多的字节数 / the most bytes of one piece


def split(data: bytes, size: int = SIZE) -> Iterable[bytes]:
    """把 data 切成一片一片：每片正好 size 个字节，只有最后一片可以短；没有空片。size 小于 1 时抛出 ValueError。

    Cut data into pieces of exactly size bytes; only the last may be shorter, none is empty.
    Raise ValueError if size is below 1.
    """
    # TODO: 检查 size，一片一片地给出 / check size, give one piece after the other
    raise NotImplementedError


def merge(pieces: Iterable[bytes]) -> bytes:
    """把所有的片按顺序合成一个 bytes。

    Join all pieces, in their order, into one bytes object.
    """
    # TODO: 想一想：data += piece 每次要复制多少字节？ / how many bytes does `data += piece` copy each time?
    raise NotImplementedError


def send_stream(sock: socket.socket, source: BinaryIO) -> None:
    """把 source 里的全部内容发出去：每片一帧，1 到 SIZE 个字节，最后发长度为 0 的一帧。不关闭 sock。

    source.read(n) 可能给得比 n 少；返回 b"" 才是结束。任何时候内存里只放几片。

    Send all of source: one frame per piece of 1 to SIZE bytes, then a frame of length 0. Leave sock open.
    source.read(n) may give fewer than n bytes; only b"" is the end. Never keep more than a few pieces in memory.
    """
    # TODO: 读一片，发一帧；最后发结束帧 / read a piece, send a frame; at last send the end frame
    raise NotImplementedError


def recv_stream(sock: socket.socket, sink: BinaryIO) -> int:
    """接收各帧，把内容依次写进 sink，直到长度为 0 的一帧；返回一共写了多少字节。不关闭 sock。

    长度小于 0 或大于 SIZE 时（不再往下读），抛出 ValueError；
    结束帧还没到对方就结束了，抛出 ConnectionError。任何时候内存里只放几片。

    Receive frames and write their bytes to sink until a frame of length 0; return how many bytes that were.
    Raise ValueError for a length below 0 or above SIZE (before reading on); raise ConnectionError if the peer ends
    before the end frame has come. Leave sock open. Never keep more than a few pieces in memory.
    """
    # TODO: 读长度头，检查，读满一片，写进 sink / read the length, check it, read the whole piece, write it to sink
    raise NotImplementedError
