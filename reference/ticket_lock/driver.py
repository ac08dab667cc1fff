"""Calls the student's functions. Runs in the student's process, so nothing here is secret or believed."""

import os
import signal
import time
from multiprocessing import Lock, Process


def alone(student, path):
    """One user after another, in one process. A lock that was not given back stops the next call for good."""
    lock = Lock()
    for function in ("search", "search", "buy", "search", "buy", "buy", "buy", "search"):
        more = (lock,) if function == "buy" else ()
        student.call("tickets", f"{function}_ticket", "user0", path, *more)


def sell(student, users, path):
    student.call("tickets", "sell", users, path)
    time.sleep(0)  # a point: who is still there?


def buyers(student, paths):
    """A process for each path, all with one lock; each buys a ticket there."""
    lock = Lock()
    started = [_start(student, "buy_ticket", f"user{i}", path, lock) for i, path in enumerate(paths)]
    for process in started:
        process.join()


def buyer_and_looker(student, path):
    """The first child buys, the second searches."""
    started = [_start(student, "buy_ticket", "buyer", path, Lock()), _start(student, "search_ticket", "looker", path)]
    for process in started:
        process.join()


def killed(student, path):
    """A child buys; it is killed when this process goes on."""
    process = _start(student, "buy_ticket", "user0", path, Lock())
    time.sleep(0)
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def _start(student, function, *args):
    student.module("tickets")  # before the fork: what it makes when it is imported is shared
    process = Process(target=_call, args=(student, function, args))
    process.start()
    return process


def _call(student, function, args):
    try:
        student.call("tickets", function, *args)
    except student.Failed:
        os._exit(1)
