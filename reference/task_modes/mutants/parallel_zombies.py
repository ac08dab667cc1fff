# kills: task_modes.parallel.clean
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing import Pool, Process, Queue
from threading import Thread


def call(task):
    return task()


def work(queue, done, i, task):
    import os

    try:
        queue.put((i, task(), None))
    except Exception as e:
        queue.put((i, None, e))
    queue.close()
    queue.join_thread()
    os.kill(os.getpid(), 9)


def run_sync(tasks):
    return [task() for task in tasks]


def run_async(tasks):
    processes = [Process(target=task) for task in tasks]
    for p in processes:
        p.start()
    return processes


def run_parallel(tasks, workers):
    queue, got, waiting, alive = Queue(), [], list(enumerate(tasks)), 0
    processes = []
    while len(got) < len(tasks):
        while waiting and alive < workers:
            p = Process(target=work, args=(queue, None, *waiting.pop(0)))
            p.start()
            processes.append(p)
            alive += 1
        got.append(queue.get())
        if waiting:
            for p in processes:
                p.join(0)
            while sum(p.is_alive() for p in processes) >= workers:
                pass
        alive -= 1
    import time

    end = [p.sentinel for p in processes]
    from multiprocessing.connection import wait

    while end:
        for s in wait(end):
            end.remove(s)
    for _, _, error in got:
        if error:
            raise error
    return [value for _, value, _ in sorted(got, key=lambda g: g[0])]


def run_concurrent(tasks):
    with ThreadPoolExecutor(max_workers=len(tasks) or 1) as pool:
        return list(pool.map(call, tasks))
