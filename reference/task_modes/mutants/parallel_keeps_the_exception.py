# kills: task_modes.parallel.raises
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing import Pool, Process, Queue
from threading import Thread


def call(task):
    return task()


def safely(task):
    try:
        return task()
    except Exception as e:
        return e


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
    with Pool(workers) as pool:
        results = pool.map(safely, tasks, chunksize=1)
        pool.close()
        pool.join()
        return results


def run_concurrent(tasks):
    with ThreadPoolExecutor(max_workers=len(tasks) or 1) as pool:
        return list(pool.map(call, tasks))
