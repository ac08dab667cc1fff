"""UDP 聊天：客户端 / UDP chat, the client."""

import contextlib
import socket
import time

LIMIT = 1024  # 一条消息最多这么多字节 / a message has at most so many bytes
TRIES = 3  # 一共发送几次 / sends in all
PATIENCE = 1.0  # 每次等几秒 / seconds to wait after each


def chat(host: str, port: int) -> None:
    """每输入一行，就发给服务器并打印它的回复。Send each line typed to the server and print its answer."""
    while True:
        try:
            line = input("> ")
        except EOFError:
            return
        if line in ("Q", "q"):
            return
        reply = ask((host, port), line)
        print(reply)
        if reply in ("Q", "q"):
            return


def ask(server: tuple[str, int], line: str) -> str:
    """问一句，答一句。每句话都用一个新的 socket，迟到的旧回复就再也到不了。

    One question, one answer. Each has a socket of its own: what comes too late for the last one reaches nobody.
    """
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.connect(server)  # 别人发来的数据报，内核不会交给我们 / the kernel lets nobody else's datagrams in
        for _ in range(TRIES):
            sock.send(line.encode())
            with contextlib.suppress(TimeoutError):
                return hear(sock, time.monotonic() + PATIENCE)
    raise TimeoutError(f"no answer from {server[0]}:{server[1]}")


def hear(sock: socket.socket, deadline: float) -> str:
    """下一条合格的消息；到时候还没有就抛出 TimeoutError。The next good message; TimeoutError if none comes in time."""
    while (left := deadline - time.monotonic()) > 0:
        sock.settimeout(left)
        data = sock.recv(LIMIT + 1)
        with contextlib.suppress(UnicodeDecodeError):
            if len(data) <= LIMIT:
                return data.decode()
    raise TimeoutError


if __name__ == "__main__":
    chat("127.0.0.1", 9000)
