"""Processes from a fork server, awaited by a pool of threads."""

import multiprocessing
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

context = multiprocessing.get_context("forkserver")


def _run(job):
    process = context.Process(target=job)
    process.start()
    return process


def _code(process):
    process.join()
    return process.exitcode


def run_all(jobs):
    processes = [_run(job) for job in jobs]
    with ThreadPoolExecutor(max(1, len(processes))) as pool:
        return list(pool.map(_code, processes))


def run_in_order(jobs):
    return [_code(_run(job)) for job in jobs]


def run_first(jobs):
    processes = [_run(job) for job in jobs]
    with ThreadPoolExecutor(len(processes)) as pool:
        futures = [pool.submit(_code, process) for process in processes]
        done, _ = wait(futures, return_when=FIRST_COMPLETED)
        winner = futures.index(done.pop())
        for process in processes:
            process.terminate()
        wait(futures, timeout=0.5)
        for process in processes:
            process.kill()
    return winner


def run_with_deadline(job, seconds):
    process = _run(job)
    process.join(seconds)
    if process.exitcode is not None:
        return process.exitcode
    process.terminate()
    process.join(0.5)
    process.kill()
    process.join()
    return None


def main_ends_first(jobs):
    for job in jobs:
        _run(job)
