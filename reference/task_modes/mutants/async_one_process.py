# kills: task_modes.async.processes
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing import Pool, Process, Queue
from threading import Thread


def call(task):
    return task()


def do_all(tasks):
    threads = [Thread(target=task) for task in tasks]
    for t in threads:
        t.start()


def run_sync(tasks):
    return [task() for task in tasks]


def run_async(tasks):
    p = Process(target=do_all, args=(tasks,))
    p.start()
    return [p] * len(tasks)


def run_parallel(tasks, workers):
    if not tasks:
        return []
    with Pool(workers) as pool:
        try:
            return pool.map(call, tasks, chunksize=1)
        finally:
            pool.close()
            pool.join()


def run_concurrent(tasks):
    with ThreadPoolExecutor(max_workers=len(tasks) or 1) as pool:
        return list(pool.map(call, tasks))
