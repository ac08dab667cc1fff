"""守护进程 / Daemon processes. README.md 画出了时间线。

守护进程给主进程报平安：主进程的代码还在跑，它就每隔一会儿写一行；主进程的代码一结束，它也跟着结束。
A daemon process tells that its parent is well: while the parent's code runs it writes a line now and then, and when
that code ends, so does the daemon.
"""

from collections.abc import Callable
from multiprocessing import Process
from typing import Any


def run(path: str, interval: float, work: Callable[[], Any]) -> None:
    """work() 运行期间，一个守护进程每隔 interval 秒往文件末尾追加一行 `is alive`。

    work() 抛出的异常原样传出去。主进程的代码结束时，守护进程也已结束。

    While work() runs, a daemon process appends the line `is alive` to the file every `interval` seconds. What work()
    raises, run raises. When the main process's code ends, so does the daemon.
    """
    # TODO: daemon 在 start 之前还是之后设置？ / is daemon set before start, or after?
    raise NotImplementedError


def stop(process: Process) -> bool:
    """结束一个进程，等它真的结束，返回 is_alive()。

    End a process, wait until it has ended, return is_alive().
    """
    raise NotImplementedError


def run_with_sibling(path: str, interval: float, work: Callable[[], Any], sibling: Callable[[], Any]) -> None:
    """和 run 一样，另外再启动一个不是守护的子进程来运行 sibling()；程序要等 sibling() 做完才结束。

    主进程的代码结束时守护进程就结束，不管 sibling() 做完没有。

    As run, and beside it a child process that is no daemon runs sibling(); the program ends only after that. The daemon
    ends when the main process's code does, whether sibling() is done or not.
    """
    raise NotImplementedError
