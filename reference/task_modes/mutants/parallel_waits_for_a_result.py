# kills: task_modes.parallel.raises
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing import Pool, Process, Queue
from threading import Thread


def call(task):
    return task()


def work(queue, i, task):
    queue.put((i, task()))


def run_sync(tasks):
    return [task() for task in tasks]


def run_async(tasks):
    processes = [Process(target=task) for task in tasks]
    for p in processes:
        p.start()
    return processes


def run_parallel(tasks, workers):
    queue, got, running, waiting = Queue(), {}, {}, list(enumerate(tasks))
    while len(got) < len(tasks):
        while waiting and len(running) < workers:
            i, task = waiting.pop(0)
            running[i] = Process(target=work, args=(queue, i, task))
            running[i].start()
        i, value = queue.get()
        got[i] = value
        running.pop(i).join()
    return [got[i] for i in range(len(tasks))]


def run_concurrent(tasks):
    with ThreadPoolExecutor(max_workers=len(tasks) or 1) as pool:
        return list(pool.map(call, tasks))
