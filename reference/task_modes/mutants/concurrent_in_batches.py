# kills: task_modes.concurrent.together
"""The same tasks in four ways."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pool, Process
from typing import Any

Task = Callable[[], Any]


def call(task: Task) -> Any:
    return task()


def run_sync(tasks: list[Task]) -> list[Any]:
    return [task() for task in tasks]


def run_async(tasks: list[Task]) -> list[Process]:
    processes = [Process(target=task) for task in tasks]
    for process in processes:
        process.start()
    return processes


def run_parallel(tasks: list[Task], workers: int) -> list[Any]:
    if not tasks:
        return []
    with Pool(workers) as pool:
        try:
            return pool.map(call, tasks, chunksize=1)
        finally:
            pool.close()
            pool.join()


def run_concurrent(tasks):
    out = []
    for k in range(0, len(tasks), 8):
        with ThreadPoolExecutor(8) as pool:
            out += list(pool.map(call, tasks[k : k + 8]))
    return out
