# kills: daemon_process.daemon.beats
"""A process that tells, line by line, that its parent's code still runs."""

import time
from collections.abc import Callable
from multiprocessing import Process
from typing import Any


def beat(path: str, interval: float) -> None:
    for _ in range(10):
        with open(path, "a", encoding="utf-8") as file:
            file.write("is alive\n")
        time.sleep(interval)


def run(path: str, interval: float, work: Callable[[], Any]) -> None:
    Process(target=beat, args=(path, interval), daemon=True).start()
    work()


def stop(process: Process) -> bool:
    process.terminate()
    process.join(2)
    if process.is_alive():
        process.kill()
        process.join()
    return process.is_alive()


def run_with_sibling(path: str, interval: float, work: Callable[[], Any], sibling: Callable[[], Any]) -> None:
    Process(target=sibling).start()
    run(path, interval, work)
