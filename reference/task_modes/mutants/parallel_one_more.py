# kills: task_modes.parallel.bound, task_modes.parallel.one
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing import Pool, Process, Queue
from threading import Thread


def call(task):
    return task()


def run_sync(tasks):
    return [task() for task in tasks]


def run_async(tasks):
    processes = [Process(target=task) for task in tasks]
    for p in processes:
        p.start()
    return processes


def run_parallel(tasks, workers):
    if not tasks:
        return []
    with Pool(workers + 1) as pool:
        try:
            return pool.map(call, tasks, chunksize=1)
        finally:
            pool.close()
            pool.join()


def run_concurrent(tasks):
    with ThreadPoolExecutor(max_workers=len(tasks) or 1) as pool:
        return list(pool.map(call, tasks))
