# kills: task_modes.concurrent.results
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
    with Pool(workers) as pool:
        try:
            return pool.map(call, tasks, chunksize=1)
        finally:
            pool.close()
            pool.join()


def run_concurrent(tasks):
    results, errors = [], []

    def work(task):
        try:
            results.append(task())
        except Exception as e:
            errors.append(e)

    threads = [Thread(target=work, args=(task,)) for task in tasks]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if errors:
        raise errors[0]
    return results
