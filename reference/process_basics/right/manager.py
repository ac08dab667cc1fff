"""A Manager carries the value; a context is named; type hints everywhere."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable
from multiprocessing.process import BaseProcess
from typing import Any

context = multiprocessing.get_context("fork")


def start_all(target: Callable[..., Any], args_list: Iterable[tuple]) -> list[BaseProcess]:
    processes = list(map(lambda args: context.Process(target=target, args=args), args_list))
    for p in processes:
        p.start()
    return processes


class LineWriter(context.Process):
    def __init__(self, path: str, text: str) -> None:
        super().__init__(name=text)
        self.path = path

    def run(self) -> None:
        print(self.name, os.getpid(), os.getppid(), sep=",", file=open(self.path, "a", encoding="utf-8"), flush=True)


def whoami() -> tuple[int, int]:
    return tuple([os.getpid(), os.getppid()])


def _work(box: list[int], shared: dict[str, int]) -> None:
    box[0] += 1
    shared["seen"] = box[0]


def bump(box: list[int]) -> tuple[int, int]:
    with multiprocessing.Manager() as manager:
        shared = manager.dict()
        child = context.Process(target=_work, args=(box, shared))
        child.start()
        child.join()
        return box[0], shared["seen"]


def stop(process: BaseProcess) -> bool:
    for ask in (process.terminate, process.kill):
        ask()
        process.join(timeout=0.7)
        if not process.is_alive():
            break
    return process.is_alive()
