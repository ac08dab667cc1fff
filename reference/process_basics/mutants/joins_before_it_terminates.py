# kills: process_basics.stop.running
"""The process gets five seconds to end by itself before anybody has told it to end."""

import os
from collections.abc import Callable
from multiprocessing import Process, Queue

PATIENCE = 0.2  # seconds that a process gets to end by itself


def start_all(target: Callable, args_list: list[tuple]) -> list[Process]:
    processes = [Process(target=target, args=args) for args in args_list]
    for process in processes:
        process.start()
    return processes


class LineWriter(Process):
    def __init__(self, path: str, text: str) -> None:
        super().__init__()
        self.path, self.text = path, text

    def run(self) -> None:
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(f"{self.text},{os.getpid()},{os.getppid()}\n")


def whoami() -> tuple[int, int]:
    return os.getpid(), os.getppid()


def _add_one(box: list[int], answers: Queue) -> None:
    box[0] += 1
    answers.put(box[0])


def bump(box: list[int]) -> tuple[int, int]:
    answers: Queue = Queue()
    child = Process(target=_add_one, args=(box, answers))
    child.start()
    seen = answers.get()
    child.join()
    return box[0], seen


def stop(process: Process) -> bool:
    process.join(5)
    process.terminate()
    process.join(PATIENCE)
    if process.is_alive():
        process.kill()
        process.join()
    return process.is_alive()
