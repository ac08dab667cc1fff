"""等待与回收 / Waiting and reaping. README.md 画出了每个函数的时间线。

子进程结束以后，系统还替它留着退出状态，直到父进程来取；没人来取，它就是僵尸进程。join() 就是：等它结束，取走状态。
When a child has ended the system keeps its exit status until the parent asks for it; a child that nobody asks for is a
zombie. join() waits for the end and asks.
"""

from collections.abc import Callable

Job = Callable[[], object]  # 没有参数，返回值不用管 / takes no arguments; what it returns does not matter


def run_all(jobs: list[Job]) -> list[int]:
    """每个任务一个进程，全部同时运行；等它们都结束，按 jobs 的顺序返回退出码。不留僵尸进程。

    Run each job in a process of its own, all at once; wait for all of them; return their exit codes in the order of
    jobs: 0, 3 after sys.exit(3), 1 after an exception, -9 if SIGKILL ended it. Leave no zombie.
    """
    raise NotImplementedError


def run_in_order(jobs: list[Job]) -> list[int]:
    """每个任务一个进程，前一个结束并被回收之后才启动下一个；按顺序返回退出码。

    Run each job in a process of its own, each after the one before has ended and was joined; return the exit codes.
    """
    raise NotImplementedError


def run_first(jobs: list[Job]) -> int:
    """全部同时启动；最先结束的是哪个，就返回它在 jobs 里的下标。其余的全部终止并回收，然后才返回。

    Start all at once; return the index of the job that ends first, whatever its exit code. By then the rest has been
    terminated and joined. A process that ignores SIGTERM is killed within 5 seconds.
    """
    raise NotImplementedError


def run_with_deadline(job: Job, seconds: float) -> int | None:
    """在一个进程里运行 job。按时结束就立刻返回它的退出码；超过 seconds 秒还没结束，就终止、回收它，返回 None。

    Run job in a process. Return its exit code as soon as it has ended; if it has not after so many seconds, terminate
    it, join it and return None. A process that ignores SIGTERM is killed within 5 more seconds.
    """
    raise NotImplementedError


def main_ends_first(jobs: list[Job]) -> None:
    """全部同时启动，不等待，立刻返回。主代码先执行完，但整个程序要等所有子进程结束之后才结束。

    Start all at once and return without waiting. The main code ends first; the program ends only after its children,
    which run to their own end.
    """
    raise NotImplementedError
