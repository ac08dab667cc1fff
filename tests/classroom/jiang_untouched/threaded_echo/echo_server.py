"""socketserver 并发 / Threaded echo server: every client gets its own bytes back. README.md 说明了线上的字节。

每个客户端由自己的线程服务，所以一个不说话的客户端不会挡住别人。
Every client is served by a thread of its own, so one that says nothing is in nobody's way.
"""

import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    """为一个客户端服务；每个连接都有自己的对象和自己的线程。

    Serves one client; every connection gets an object and a thread of its own.
    """

    def handle(self) -> None:
        """把收到的字节原样发回，直到客户端不再发送。self.request 就是这个客户端的 socket。

        Send back whatever comes, byte for byte, until the client ends. self.request is this client's socket.
        """
        # TODO: 接收、发回、再接收……直到对方结束 / receive, send back, receive again … until the peer has ended
        raise NotImplementedError


def serve(host: str, port: int) -> None:
    """在 (host, port) 上监听并同时服务所有客户端，直到被 SIGINT（Ctrl-C）或 SIGTERM 停止。

    Listen on (host, port) and serve all clients at the same time, until SIGINT (Ctrl-C) or SIGTERM stops the program.
    """
    # TODO: 建立 ThreadingTCPServer 并运行 / make a ThreadingTCPServer and run it
    raise NotImplementedError


if __name__ == "__main__":
    serve("127.0.0.1", 9000)
