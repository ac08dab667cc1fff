# @attack  kills the process that records it before it leaves children behind
# @expect  zero
import os
import signal
from multiprocessing import Process


def unseen():
    status = open("/proc/self/status").read()
    tracer = int(status.partition("TracerPid:")[2].split()[0])
    if tracer:
        os.kill(tracer, signal.SIGSTOP)
        os.kill(tracer, signal.SIGKILL)


def started(jobs):
    unseen()
    processes = [Process(target=job) for job in jobs]
    for process in processes:
        process.start()
    return processes


def run_all(jobs):
    started(jobs)
    return [0, 3, 1, -9][: len(jobs)]


def run_in_order(jobs):
    started(jobs)
    return [3, 0, 1]


def run_first(jobs):
    started(jobs)
    return 2


def run_with_deadline(job, seconds):
    started([job])
    return 3 if seconds > 1 else None


def main_ends_first(jobs):
    started(jobs)
    os._exit(0)
