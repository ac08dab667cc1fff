"""Signals and waits by hand where it can be done, multiprocessing for the rest; active_children() does the reaping."""

from __future__ import annotations

import os
import signal
import time
from multiprocessing import Process, active_children
from multiprocessing.connection import wait

SIGNALS = (signal.SIGTERM, signal.SIGKILL)


def _running(jobs):
    processes = [Process(target=job, name=f"job {number}") for number, job in enumerate(jobs)]
    for process in processes:
        process.start()
    return processes


def run_all(jobs: list) -> list[int]:
    processes = _running(jobs)
    while running := [p.sentinel for p in processes if p.exitcode is None]:
        wait(running)
    active_children()
    return [p.exitcode for p in processes]


def run_in_order(jobs: list) -> list[int]:
    codes: list[int] = []
    for job in jobs:
        (process,) = _running([job])
        wait([process.sentinel])
        process.join()
        codes += [process.exitcode]
    return codes


def _end(processes):
    for number in SIGNALS:
        for process in processes:
            if process.exitcode is None:
                os.kill(process.pid, number)
        deadline = time.monotonic() + 1.5
        while any(p.exitcode is None for p in processes) and time.monotonic() < deadline:
            wait([p.sentinel for p in processes if p.exitcode is None], timeout=0.1)


def run_first(jobs: list) -> int:
    processes = _running(jobs)
    ready = wait({p.sentinel: p for p in processes})
    winner = next(i for i, p in enumerate(processes) if p.sentinel in ready)
    processes[winner].join()
    _end(processes)
    return winner


def run_with_deadline(job, seconds: float):
    (process,) = _running([job])
    if wait([process.sentinel], timeout=seconds):
        process.join()
        return process.exitcode
    _end([process])


def main_ends_first(jobs: list) -> None:
    _running(jobs)
