# kills: task_modes.parallel.spawn
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
    queue, got, running, waiting = Queue(), {}, {}, list(enumerate(tasks))

    def work(i, task):
        try:
            queue.put((i, task(), None))
        except Exception as e:
            queue.put((i, None, e))

    while len(got) < len(tasks):
        while waiting and len(running) < workers:
            i, task = waiting.pop(0)
            running[i] = Process(target=work, args=(i, task))
            running[i].start()
        i, value, error = queue.get()
        got[i] = value, error
        running.pop(i).join()
    for value, error in got.values():
        if error:
            raise error
    return [got[i][0] for i in range(len(tasks))]


def run_concurrent(tasks):
    with ThreadPoolExecutor(max_workers=len(tasks) or 1) as pool:
        return list(pool.map(call, tasks))
