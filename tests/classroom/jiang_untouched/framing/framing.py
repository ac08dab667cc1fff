"""粘包 / Message framing: whole messages over a TCP stream. README.md 说明了线上的字节。

TCP 只传字节流，不认识“一条消息”。给每条消息加上 4 字节的长度头，接收方就知道该读到哪里。
TCP carries a stream of bytes and knows no messages. A 4-byte length in front of each tells the reader where it ends.
"""

import socket
import struct

LIMIT = 1_048_576  # 一条消息最多的字节数 / the most bytes of one message


def send_message(sock: socket.socket, text: str) -> None:
    """发送一条消息：4 字节长度头（'<i'），然后是 UTF-8 编码的正文。

    超过 LIMIT 个字节时抛出 ValueError，并且什么都不发。不关闭 sock。

    Send one message: the length as 4 bytes ('<i'), then the text in UTF-8.
    Raise ValueError, before anything is sent, if the text has more than LIMIT bytes. Leave sock open.
    """
    # TODO: 编码，检查长度，发送长度头和正文 / encode, check the length, send the length and the text
    raise NotImplementedError


def recv_message(sock: socket.socket) -> str | None:
    """接收一条消息并返回它的文本；对方在两条消息之间结束时返回 None。

    长度小于 0 或大于 LIMIT 时（不再往下读）、正文不是 UTF-8 时，抛出 ValueError；
    对方在一条消息的中间结束时，抛出 ConnectionError。不关闭 sock。

    Receive one message and return its text; None if the peer ended between messages.
    Raise ValueError for a length below 0 or above LIMIT (before reading on) and for invalid UTF-8;
    raise ConnectionError if the peer ends inside a message. Leave sock open.
    """
    # TODO: 读长度头，检查长度，再读正文 / read the length, check it, read the text
    raise NotImplementedError
