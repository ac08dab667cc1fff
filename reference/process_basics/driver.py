"""Hands our jobs to the student's functions. Runs in the student's process, so nothing here is secret or believed.

Each function ends a call by standing still (jobs.pause) until our side has looked around.
"""

import multiprocessing.process as current
import os
from multiprocessing import Process, active_children
from multiprocessing.process import BaseProcess

import jobs


def start_all(student, address, args_list, method="fork", twice=False):
    """Every job stands under the repr of its arguments as its name. twice: the function is called once more."""
    jobs.use(method)
    student.module("workers")
    processes = student.call("workers", "start_all", jobs.Job(address), [tuple(args) for args in args_list])
    jobs.pause(address, "main", [getattr(p, "pid", None) for p in processes or ()])
    for child in active_children():
        child.join()
    if twice:
        student.invoke("again", lambda: len(student.module("workers").start_all(int, [()])))


def write_lines(student, address, texts, method="fork", before="", path="lines.txt", paused=False):
    """paused: each process waits for our word where it makes its line."""
    jobs.use(method)
    student.module("workers")
    if paused:
        texts = [jobs.Paused(text, address) for text in texts]
    if before:
        with open(path, "w", encoding="utf-8") as file:
            file.write(before)
    writers = [student.call("workers", "LineWriter", path, text) for text in texts]
    for writer in writers:
        student.invoke("start", writer.start)
    for writer in writers:
        student.invoke("join", writer.join)
    student.invoke("lines", lines, path)
    jobs.pause(address)


def run_here(student, address, path="lines.txt"):
    """What kind of class it is, and what its run() does where it is called like any method."""
    module = student.module("workers")
    writer = student.call("workers", "LineWriter", path, "here")
    student.invoke("is a Process", is_process, module.LineWriter)
    student.invoke("run", as_started(writer))
    student.invoke("lines", lines, path)
    jobs.pause(address)


def as_started(writer):
    """Its run(), called as in a started child: there self.pid, current_process() and parent_process() are known."""

    def run():
        before = current._current_process, current._parent_process
        current._current_process = writer
        current._parent_process = current._ParentProcess("MainProcess", os.getppid(), None)
        try:
            return writer.run()
        finally:
            current._current_process, current._parent_process = before

    return run


def is_process(kind):
    return isinstance(kind, type) and issubclass(kind, BaseProcess)


def lines(path):
    with open(path, "rb") as file:
        return [line.decode("utf-8", "replace") for line in file.read().splitlines(keepends=True)]


def whoami(student, address):
    student.call("workers", "whoami")
    child = Process(target=jobs.Asked(address, "child", "workers", "whoami"))
    child.start()
    child.join()
    jobs.pause(address)


def bump(student, address, value, method, spying=False):
    jobs.use(method)
    student.module("workers")
    student.call("workers", "bump", jobs.Box(address, [value]) if spying else [value])
    jobs.pause(address)


def stop(student, address, names, victim, manner):
    """Starts a job for each name; then, on our word, stops the one called `victim`."""
    student.module("workers")
    manners = {victim: manner}
    processes = {name: Process(target=jobs.Job(address, name, manners.get(name, ""))) for name in names}
    for process in processes.values():
        process.start()
    jobs.pause(address, "main is ready")
    student.call("workers", "stop", processes[victim])
    jobs.pause(address)
    for process in processes.values():
        process.join()


def load(student, address):
    student.module("workers")
    jobs.pause(address)
