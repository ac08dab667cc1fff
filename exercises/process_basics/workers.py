"""进程与 Process 类 / Processes. README.md 画出了每个函数的时间线。

一个进程有自己的编号、自己的内存、自己的生命。这里练习：同时启动几个，写一个 Process 的子类，问自己是谁，
看看子进程改了什么、父进程看到什么，最后把一个进程结束掉。
A process has a number, a memory and a life of its own. Here you start several at once, write a subclass of Process, ask
who you are, see what a child's change does to its parent, and end a process.
"""

from collections.abc import Callable
from multiprocessing import Process


def start_all(target: Callable, args_list: list[tuple]) -> list[Process]:
    """给 args_list 里的每个参数元组启动一个进程，全部同时运行；不等它们结束，立刻返回这些进程，顺序不变。

    Start one process that calls target(*args) for each tuple of arguments, all at once; wait for none of them.
    Return the processes in the order of args_list.
    """
    # TODO: 创建，启动，返回 / create, start, return
    raise NotImplementedError


class LineWriter(Process):
    """一个进程：在文件末尾追加一行 `text,pid,ppid`，两个编号是子进程自己的和它父进程的。

    A process that appends one line `text,pid,ppid` to a file: its own number and its parent's.
    """

    def __init__(self, path: str, text: str) -> None:
        # TODO: 别忘了父类的 __init__ / do not forget the __init__ of the base class
        raise NotImplementedError

    def run(self) -> None:
        """在子进程里执行。 This is what the child executes."""
        # TODO: 追加一行，以换行符结尾，编码 UTF-8 / append one line that ends in a newline, in UTF-8
        raise NotImplementedError


def whoami() -> tuple[int, int]:
    """返回 (自己的进程编号, 父进程的编号)。

    Return (the number of this process, the number of its parent).
    """
    raise NotImplementedError


def bump(box: list[int]) -> tuple[int, int]:
    """在一个子进程里给 box[0] 加 1。返回 (之后父进程里的 box[0], 子进程看到的 box[0])。返回之前子进程已经结束并被回收。

    Let a child process add 1 to box[0]. Return (the parent's box[0] afterwards, the value that the child saw).
    The child has ended and has been joined before this returns.
    """
    # TODO: 子进程的值怎么传回来？ / how does the child's value come back?
    raise NotImplementedError


def stop(process: Process) -> bool:
    """结束一个进程：先 terminate，等它真的结束，然后返回 is_alive()。

    如果它不理会 SIGTERM，5 秒之内改用 kill()。进程早已结束时，返回 False。

    End a process: terminate it, wait until it has ended, then return is_alive().
    If it ignores SIGTERM, kill it within 5 seconds. A process that has ended before is no problem: return False.
    """
    raise NotImplementedError
