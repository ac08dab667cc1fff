"""Waits without a time-out, and an alarm that breaks them off."""

import signal
from contextlib import contextmanager
from multiprocessing import Process
from multiprocessing.connection import wait


class Late(Exception):
    pass


def late(number, frame):
    raise Late


@contextmanager
def alarm(seconds):
    handler = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)


def start(jobs):
    processes = [Process(target=job) for job in jobs]
    for process in processes:
        process.start()
    return processes


def end(processes):
    for process in processes:
        process.terminate()
    try:
        with alarm(2):
            join(processes)
    except Late:
        for process in processes:
            process.kill()
        join(processes)


def join(processes):
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def run_all(jobs):
    return join(start(jobs))


def run_in_order(jobs):
    return [code for job in jobs for code in run_all([job])]


def run_first(jobs):
    processes = start(jobs)
    sentinels = [process.sentinel for process in processes]
    first = sentinels.index(wait(sentinels)[0])
    end(processes)
    return first


def run_with_deadline(job, seconds):
    processes = start([job])
    try:
        with alarm(seconds):
            return join(processes)[0]
    except Late:
        end(processes)
        return None


def main_ends_first(jobs):
    start(jobs)
