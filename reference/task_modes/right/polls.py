"""Looks again and again whether a process has ended; batches of processes; a thread for each place."""

import queue
import threading
import time
from multiprocessing import Manager, Process


def run_sync(tasks):
    results = []
    for task in tasks:
        box = []
        thread = threading.Thread(target=keep, args=(box, 0, task))
        thread.start()
        while thread.is_alive():
            time.sleep(0.01)
        results.append(opened(box[0]))
    return results


def keep(box, i, task):
    try:
        box.append((i, True, task()))
    except Exception as e:
        box.append((i, False, e))


def opened(found):
    _, right, value = found
    if not right:
        raise value
    return value


def run_async(tasks):
    processes = [Process(target=task, daemon=False) for task in tasks]
    for process in processes:
        process.start()
    return processes


def run_parallel(tasks, workers):
    if not tasks:
        return []
    with Manager() as manager:
        box = manager.list()
        waiting, running = list(enumerate(tasks)), []
        while waiting or running:
            running = [p for p in running if p.is_alive()]
            while waiting and len(running) < workers:
                running.append(Process(target=keep, args=(box, *waiting.pop(0))))
                running[-1].start()
            time.sleep(0.01)
        found = sorted(box, key=lambda f: f[0])
    return [opened(f) for f in found]


def run_concurrent(tasks):
    done = queue.Queue()

    def work(i, task):
        box = []
        keep(box, i, task)
        done.put(box[0])

    for i, task in enumerate(tasks):
        threading.Thread(target=work, args=(i, task), daemon=True).start()
    return [opened(f) for f in sorted((done.get() for _ in tasks), key=lambda f: f[0])]
