"""并行并发，同步异步 / Modes of running. README.md 画出了四种方式的时间线。

同样几个任务，四种跑法：一个接一个；全部启动就不管了；最多几个进程同时跑；一个进程里大家一起等。
The same tasks in four ways: one after another; started and left alone; in at most so many processes at a time; all
waiting together in one process.

任务是没有参数的可调用对象：task() 做它的事，返回结果，或者抛出异常。
A task is a callable without arguments: task() does its work and returns a result, or raises.
"""

from collections.abc import Callable
from multiprocessing import Process
from typing import Any

Task = Callable[[], Any]


def run_sync(tasks: list[Task]) -> list[Any]:
    """同步：一个做完再做下一个。按顺序返回结果。某个任务抛出的异常就是 run_sync 抛出的异常。

    Synchronously: the next one begins when the one before has ended. Return the results in order. What a task raises,
    run_sync raises.
    """
    raise NotImplementedError


def run_async(tasks: list[Task]) -> list[Process]:
    """异步：每个任务一个进程，全部启动，立刻返回这些进程，顺序不变。谁调用，谁以后去 join。

    Asynchronously: one process per task, all of them started; return the processes at once, in the order of the tasks.
    Who called will join them later.
    """
    raise NotImplementedError


def run_parallel(tasks: list[Task], workers: int) -> list[Any]:
    """并行：任务在进程里跑，任何时候最多 workers 个进程活着，有活干的时候就用满它们。按任务的顺序返回结果。

    返回之前，所有子进程都已结束并被回收；有任务抛出异常时也一样，然后 run_parallel 抛出一个异常。

    In parallel: the tasks run in processes, never more than `workers` of them alive, and that many while there is work
    for them. Return the results in the order of the tasks. All children have ended and were joined before this returns,
    also where a task raises: then run_parallel raises.
    """
    # TODO: 谁来数现在有几个进程？ / who counts how many processes there are?
    raise NotImplementedError


def run_concurrent(tasks: list[Task]) -> list[Any]:
    """并发：一个进程，所有任务同时在等，不管有多少个。按任务的顺序返回结果。某个任务抛出的异常就是这里抛出的异常。

    Concurrently: one process, in which all tasks wait at the same time, however many they are. Return the results in
    the order of the tasks. What a task raises, run_concurrent raises.
    """
    raise NotImplementedError
