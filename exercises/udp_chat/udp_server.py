"""UDP 聊天：服务器 / UDP chat, the server. 每个数据报是一条消息 / each datagram is one message. README.md 有完整说明。

UDP 没有连接：同一个 socket 收到所有人的消息，每条消息都带着发送者的地址。
UDP has no connections: one socket gets everybody's messages, and each brings the address of its sender.
"""

import socket

REPLY = "收到"
LIMIT = 1024  # 一条消息最多这么多字节 / a message has at most so many bytes


def serve(host: str, port: int) -> None:
    """打印每条消息，并向它的发送者回复“收到”，一直运行到被停止为止。

    过长的和不是 UTF-8 的数据报不打印也不回复；空消息也是消息。

    Print each message and answer 收到 to whoever sent it, until the program is stopped. Datagrams that are too long
    or no UTF-8 are neither printed nor answered; an empty message is a message.
    """
    # TODO: 建立 UDP socket，绑定 (host, port)，然后循环：收一条、打印、回复
    #       make a UDP socket, bind it to (host, port); then again and again: receive, print, answer
    raise NotImplementedError


if __name__ == "__main__":
    serve("127.0.0.1", 9000)
