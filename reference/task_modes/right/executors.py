from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import Process


def call(task):
    return task()


def run_sync(tasks):
    return list(map(call, tasks))


def run_async(tasks):
    started = []
    for task in tasks:
        started.append(Process(target=task))
        started[-1].start()
    return started


def run_parallel(tasks, workers):
    with ProcessPoolExecutor(workers) as pool:
        return [f.result() for f in [pool.submit(call, t) for t in tasks]]


def run_concurrent(tasks):
    with ThreadPoolExecutor(max(len(tasks), 32)) as pool:
        futures = [pool.submit(t) for t in tasks]
    return [f.result() for f in futures]
