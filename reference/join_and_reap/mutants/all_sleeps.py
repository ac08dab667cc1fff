# kills: join_and_reap.all.waits
"""Instead of a join the function sleeps for a second: the jobs may need longer."""

import time
from collections.abc import Callable
from multiprocessing import Process, connection

Job = Callable[[], object]
PATIENCE = 0.2  # seconds that a process gets to end by itself


def _start(job: Job) -> Process:
    process = Process(target=job)
    process.start()
    return process


def _stop(process: Process) -> None:
    process.terminate()
    process.join(PATIENCE)
    if process.is_alive():
        process.kill()
    process.join()


def run_all(jobs: list[Job]) -> list[int]:
    processes = [_start(job) for job in jobs]
    time.sleep(1)
    return [process.exitcode for process in processes]


def run_in_order(jobs: list[Job]) -> list[int]:
    codes = []
    for job in jobs:
        process = _start(job)
        process.join()
        codes.append(process.exitcode)
    return codes


def run_first(jobs: list[Job]) -> int:
    processes = [_start(job) for job in jobs]
    ended = connection.wait([process.sentinel for process in processes])
    for process in processes:
        _stop(process)
    return [process.sentinel for process in processes].index(ended[0])


def run_with_deadline(job: Job, seconds: float) -> int | None:
    process = _start(job)
    process.join(seconds)
    if process.is_alive():
        _stop(process)
        return None
    return process.exitcode


def main_ends_first(jobs: list[Job]) -> None:
    for job in jobs:
        _start(job)
