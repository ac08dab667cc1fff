# kills: task_modes.parallel.results
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


def run_parallel(tasks, workers):
    if not tasks:
        return []
    with Pool(workers) as pool:
        got = pool.map(call, tasks, chunksize=1)
        pool.close()
        pool.join()
    return [g for g in got if g]


def run_concurrent(tasks: list[Task]) -> list[Any]:
    with ThreadPoolExecutor(max_workers=len(tasks) or 1) as threads:
        return list(threads.map(call, tasks))
