"""Each process tells a queue when it ends; a thread waits for each; everything is closed afterwards."""

import multiprocessing as mp
import threading
from queue import Queue


class Worker(mp.Process):
    def __init__(self, job, daemon=None):
        super().__init__(daemon=daemon)
        self.job = job

    def run(self):
        self.job()


def start(job):
    worker = Worker(job)
    worker.start()
    return worker


def finish(worker):
    try:
        worker.join()
        return worker.exitcode
    finally:
        worker.close()


def run_all(jobs):
    return [finish(worker) for worker in list(map(start, jobs))]


def run_in_order(jobs):
    return [finish(start(job)) for job in jobs]


def end(worker):
    for way in (worker.terminate, worker.kill):
        way()
        worker.join(0.8)
        if worker.exitcode is not None:
            return


def run_first(jobs):
    ended = Queue()
    workers = [start(job) for job in jobs]

    def watch(index, worker):
        mp.connection.wait([worker.sentinel])
        ended.put(index)

    watchers = [threading.Thread(target=watch, args=pair, daemon=True) for pair in enumerate(workers)]
    for watcher in watchers:
        watcher.start()
    winner = ended.get()
    for worker in workers:
        end(worker)
    for watcher in watchers:
        watcher.join()
    return winner


def run_with_deadline(job, seconds):
    worker, late = start(job), threading.Event()

    def too_late():
        late.set()
        end(worker)

    timer = threading.Timer(seconds, too_late)
    timer.start()
    mp.connection.wait([worker.sentinel])
    timer.cancel()
    timer.join()
    worker.join()
    return None if late.is_set() else worker.exitcode


def main_ends_first(jobs):
    workers = [start(job) for job in jobs]
    assert all(worker.is_alive() for worker in workers)
