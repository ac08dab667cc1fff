"""UDP 聊天：客户端 / UDP chat, the client. 每输入一行，发一个数据报，等一个回复。README.md 有完整说明。

UDP 不保证送达：消息或回复都可能在路上丢掉，客户端不能永远等下去。
UDP promises nothing: a message or its answer may be lost on the way, and a client must not wait for ever.
"""

import socket

LIMIT = 1024  # 一条消息最多这么多字节 / a message has at most so many bytes
TRIES = 3  # 一共发送几次 / sends in all
PATIENCE = 1.0  # 每次等几秒 / seconds to wait after each


def chat(host: str, port: int) -> None:
    """每从 input() 读一行，就发给 (host, port) 上的服务器，并打印它的回复。

    输入 Q 或 q（不发送）、收到 Q 或 q、输入结束，都会结束聊天。1 秒内没有回复就再发一次；
    发了三次都没有回复，抛出 TimeoutError。只认来自 (host, port) 的数据报。

    Send each line that input() gives to the server at (host, port), and print its answer. Q or q ends the chat: typed
    (it is not sent) or heard; so does the end of the input. No answer within 1 s: send again; after three sends
    without one raise TimeoutError. Only datagrams from (host, port) count.
    """
    # TODO: 循环：读一行、发送、等回复、打印 / again and again: read a line, send it, wait for the answer, print it
    raise NotImplementedError


if __name__ == "__main__":
    chat("127.0.0.1", 9000)
