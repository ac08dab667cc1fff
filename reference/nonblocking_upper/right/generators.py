"""每个客户端一个生成器:yield 说它在等什么。A generator per client says what it waits for."""

import contextlib
import select
import socket

最多 = 8 * 1024 * 1024


def 服务一个(客户端):
    队列 = bytearray()
    结束 = False
    while not 结束 or 队列:
        可读, 可写 = yield (not 结束 and len(队列) < 最多, bool(队列))
        with contextlib.suppress(BlockingIOError):
            if 可读:
                数据 = 客户端.recv(32768)
                结束 = 数据 == b""
                队列 += 数据.upper()
        with contextlib.suppress(BlockingIOError):
            if 可写:
                del 队列[: 客户端.send(队列)]


def serve(host, port):
    监听 = socket.create_server((host, port), backlog=64)
    监听.setblocking(False)
    任务 = {}
    想要 = {}

    def 前进(客户端, 值):
        try:
            想要[客户端] = 任务[客户端].send(值)
        except (StopIteration, OSError):
            del 任务[客户端]
            想要.pop(客户端, None)
            客户端.close()

    while True:
        读 = [监听] + [c for c, (r, _) in 想要.items() if r]
        写 = [c for c, (_, w) in 想要.items() if w]
        可读, 可写, _ = select.select(读, 写, [])
        for c in set(可读) | set(可写):
            if c is 监听:
                try:
                    新的, _ = 监听.accept()
                except OSError:
                    continue
                新的.setblocking(False)
                任务[新的] = 服务一个(新的)
                前进(新的, None)
            else:
                前进(c, (c in 可读, c in 可写))
