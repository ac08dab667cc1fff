# kills: task_modes.parallel.bound
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing import Pool, Process, Queue
from threading import Thread


def call(task):
    return task()


def work(queue, i, task):
    try:
        queue.put((i, task(), None))
    except Exception as e:
        queue.put((i, None, e))


def run_sync(tasks):
    return [task() for task in tasks]


def run_async(tasks):
    processes = [Process(target=task) for task in tasks]
    for p in processes:
        p.start()
    return processes


def run_parallel(tasks, workers):
    queue = Queue()
    processes = [Process(target=work, args=(queue, i, t)) for i, t in enumerate(tasks)]
    for p in processes:
        p.start()
    got = [queue.get() for _ in tasks]
    for p in processes:
        p.join()
    for _, _, error in got:
        if error:
            raise error
    return [value for _, value, _ in sorted(got, key=lambda g: g[0])]


def run_concurrent(tasks):
    with ThreadPoolExecutor(max_workers=len(tasks) or 1) as pool:
        return list(pool.map(call, tasks))
