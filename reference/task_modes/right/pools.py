import multiprocessing as mp
from multiprocessing.pool import Pool, ThreadPool


def _run(task):
    return task()


def run_sync(tasks):
    return [*(task() for task in tasks)]


def run_async(tasks):
    ctx = mp.get_context("spawn")
    ps = [ctx.Process(target=_run, args=(t,)) for t in tasks]
    for p in ps:
        p.start()
    return ps


def run_parallel(tasks, workers):
    tasks = list(tasks)
    if not tasks:
        return []
    pool = Pool(min(workers, len(tasks)))
    try:
        return pool.map(_run, tasks, chunksize=1)
    finally:
        pool.close()
        pool.join()


def run_concurrent(tasks):
    if not tasks:
        return []
    with ThreadPool(len(tasks)) as pool:
        return pool.map(_run, tasks, 1)
