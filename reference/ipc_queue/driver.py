"""Calls the student's functions. Runs in the student's process, so nothing here is secret or believed."""

import contextlib
import functools
import multiprocessing.queues
import queue
import time

import jobs


def evaluate(student, expressions):
    """One after another, in one process."""
    for expression in expressions:
        with contextlib.suppress(student.Failed):
            student.call("calc", "evaluate", expression)


def calculate(student, address, expressions, workers=None):
    """One call; then our side looks around. Exceptions in the result are told by the names of their classes."""
    here = count(student.module("calc"), "evaluate")
    watch_queues(student)
    more = [] if workers is None else [workers]
    with contextlib.suppress(student.Failed):
        student.call("calc", "calculate", expressions, *more, then=told)
    student.invoke("evaluated here", len, here)
    jobs.pause(address)


def count(module, name):
    """The list that grows by one whenever the function is called in this process; children have lists of their own."""
    plain, calls = getattr(module, name, None), []

    @functools.wraps(plain)
    def counted(*args, **kwargs):
        calls.append(None)
        return plain(*args, **kwargs)

    if plain:
        setattr(module, name, counted)
    return calls


def scheduled(student, expressions, workers):
    with contextlib.suppress(student.Failed):
        student.call("calc", "calculate", expressions, workers, then=told)
    time.sleep(0)  # a point: who is still there?


def told(values):
    """The same list, with ("raised", names of the classes) in the place of an exception."""
    if not isinstance(values, list):
        return values
    return [["raised", *names(v)] if isinstance(v, BaseException) else v for v in values]


def names(error):
    return [c.__name__ for c in type(error).__mro__ if c is not object]


def watch_queues(student):
    """Every queue that is made says how many it holds: as "Queue"."""
    for kind in (multiprocessing.queues.Queue, queue.Queue):
        kind.__init__ = saying(student, kind.__init__)


def saying(student, plain):
    def init(self, maxsize=0, *args, **kwargs):
        plain(self, maxsize, *args, **kwargs)
        student.invoke("Queue", int, maxsize)

    return init
