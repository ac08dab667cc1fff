"""TCP 聊天：服务器 / TCP chat: the server. README.md 说明了谁先说话、怎样结束。

服务器先说话，双方轮流各说一句；一个客户端聊完，再接待下一个。
The server speaks first, then both speak in turns; after one client it takes the next.
"""

import socket


def serve(host: str, port: int) -> None:
    """在 (host, port) 上监听，一个接一个地与客户端聊天，直到被 SIGINT（Ctrl-C）或 SIGTERM 停止。

    Listen on (host, port) and chat with one client after another, until SIGINT (Ctrl-C) or SIGTERM stops the program.
    """
    # TODO: 绑定、监听，然后接受一个客户端、聊天、接受下一个…… / bind, listen, then accept, chat, accept the next …
    raise NotImplementedError


if __name__ == "__main__":
    serve("127.0.0.1", 9000)
