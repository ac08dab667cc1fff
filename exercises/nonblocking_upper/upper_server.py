"""非阻塞 IO / Non-blocking server: one thread looks after all clients. README.md 说明了线上的字节。

客户端发来的字节用 bytes.upper() 变成大写发回去；没有哪个调用可以为了一个客户端停下来等。
What a client sends goes back to it through bytes.upper(); no call ever stops to wait for one client.
"""

import socket


def serve(host: str, port: int) -> None:
    """在 (host, port) 上监听，用一个线程同时服务所有客户端，直到被 SIGINT（Ctrl-C）或 SIGTERM 停止。

    Listen on (host, port) and serve all clients from this one thread, until SIGINT (Ctrl-C) or SIGTERM stops the
    program.
    """
    # TODO: 建立监听的 socket，设为非阻塞 / make the listening socket, and make it non-blocking
    # TODO: 接受新的客户端：accept 返回的 socket 也要设为非阻塞（Linux 上它不会继承）
    #       accept new clients: the socket that accept returns must be made non-blocking too (it does not inherit it)
    # TODO: 轮流照看每个客户端：能收多少收多少，能发多少发多少，发不出去的留到下一次
    #       look after each client in turn: receive what is there, send what goes, keep the rest for the next time
    # TODO: 对方结束后，把剩下的发完再关闭 / when a client has ended, send what is left, then close
    raise NotImplementedError


if __name__ == "__main__":
    serve("127.0.0.1", 9000)
