"""Calls the student's functions. Runs in the student's process, so nothing here is secret or believed."""

import contextlib
import multiprocessing.managers
import multiprocessing.queues
import queue
import time
from multiprocessing import JoinableQueue, Process
from threading import Thread

import jobs

NAP = 0.002  # seconds


def prepare(student):
    """The module. Who sleeps in it only naps: a sleep is no promise of who goes on first."""
    plain = time.sleep
    time.sleep = lambda seconds: plain(min(seconds, NAP))
    return student.module("kitchen")


def cook(student, address, food, n, size):
    """A producer, in a thread, before a queue that nobody takes from until our side says so."""
    prepare(student)
    q, end = JoinableQueue(size), "no item"
    cooking = Thread(target=quietly, args=(student, "producer", q, "cook", food, n))
    cooking.start()
    jobs.pause(address, "main counter")
    Thread(target=lambda: (cooking.join(), q.put(end))).start()
    student.invoke("counter", lambda: list(taken(q, end)))
    jobs.pause(address)


def taken(q, end):
    for item in iter(q.get, end):
        q.task_done()
        yield item


def eat(student, items):
    """A consumer before a queue with these items, and a None behind them. How it learns of the end is its own affair:
    it may wait for more."""
    prepare(student)
    q = JoinableQueue()
    filling = Process(target=fill, args=(q, [*items, None]))
    filling.start()
    filling.join()  # all of it is in the queue
    quietly(student, "consumer", q, "guest", Plate(student))


def fill(q, items):
    for item in items:
        q.put(item)


class Plate(list):
    """A list that tells what is appended to it: as "append"."""

    def __init__(self, student):
        super().__init__()
        self.student = student

    def append(self, item):
        self.student.invoke("append", super().append, item)


def run(student, address, producers, consumers, n):
    """One call; then our side looks around."""
    prepare(student)
    queues = watch(student)
    quietly(student, "run", producers, consumers, n, then=told)
    with contextlib.suppress(student.Failed):
        student.invoke("left", lambda: [q.qsize() for q in queues])
    jobs.pause(address)


def held(student, address, producers, consumers, n):
    """The same, but every producer and consumer waits for our word before it begins."""
    kitchen = prepare(student)
    for name in ("producer", "consumer"):
        setattr(kitchen, name, jobs.Held(address, "kitchen", name))
    run(student, address, {name: jobs.Part(food, address) for name, food in producers.items()}, consumers, n)


def spoiled(student, address, producers, consumers, n, good):
    """The same, but the first producer's food says in which process each item is made, and is good for so many items
    only: then it raises. good: None for all of them."""
    first, *others = producers.items()
    run(student, address, {first[0]: jobs.Part(first[1], address, good), **dict(others)}, consumers, n)


def scheduled(student, producers, consumers, n, seconds=0):
    """seconds: for which each item is cooked, in the time of the schedule."""
    if seconds:
        producers = {name: jobs.Part(food, seconds=seconds) for name, food in producers.items()}
    quietly(student, "run", producers, consumers, n, then=told)
    time.sleep(0)  # a point: who is still there?


def load(student, address):
    """The module is imported where processes are spawned; no function is called."""
    jobs.use("spawn")
    student.module("kitchen")
    jobs.pause(address)


def quietly(student, function, *args, then=None):
    """What it raises has been reported."""
    with contextlib.suppress(student.Failed):
        student.call("kitchen", function, *args, then=then)


def told(eaten):
    """A dict of lists as ["dict", [key, "list", *items], …]."""
    return ["dict", *map(plate, eaten.items())] if isinstance(eaten, dict) else eaten


def plate(pair):
    name, items = pair
    return [name, type(items).__name__, *(items if isinstance(items, (list, tuple)) else [repr(items)])]


def watch(student):
    """Every queue that is made says how many it holds, as "Queue"; every manager its process, as "Manager". Returns
    the bounded ones that this process makes, as they are made."""
    managers, bounded = multiprocessing.managers, []
    for kind in (multiprocessing.queues.Queue, queue.Queue):
        kind.__init__ = saying(student, kind.__init__, bounded)
    for name in ("Queue", "JoinableQueue"):
        setattr(managers.SyncManager, name, saying(student, getattr(managers.SyncManager, name), []))
    start = managers.BaseManager.start

    def started(manager, *args, **kwargs):
        start(manager, *args, **kwargs)
        student.invoke("Manager", int, manager._process.pid)

    managers.BaseManager.start = started
    return bounded


def saying(student, plain, bounded):
    def made(self, maxsize=0, *args, **kwargs):
        queue = plain(self, maxsize, *args, **kwargs)
        student.invoke("Queue", int, maxsize)
        if maxsize:
            bounded.append(self)
        return queue

    return made
