"""TCP 聊天：客户端 / TCP chat: the client. README.md 说明了谁先说话、怎样结束。

客户端先听服务器说第一句，再轮到自己。
The client first hears what the server says; then it is its turn.
"""

import socket


def chat(host: str, port: int) -> None:
    """连接 (host, port) 上的服务器并与它聊天；聊天结束时返回。连接失败或中断时让 OSError 抛出。

    Connect to the server on (host, port) and chat with it; return when the chat is over. Where the connection fails or
    breaks, let the OSError pass.
    """
    # TODO: 连接，然后轮流：听一句、打印、输入一句、发送…… / connect, then in turns: hear, print, ask, send …
    raise NotImplementedError


if __name__ == "__main__":
    chat("127.0.0.1", 9000)
