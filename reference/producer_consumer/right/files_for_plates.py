"""What each guest ate comes back in a file."""
import os
import pickle
import tempfile
from multiprocessing import JoinableQueue, Process

STOP = "\0 stop"


def producer(q, name, food, n):
    [q.put(f"{food}{i}") for i in range(n)]


def consumer(q, name, eaten):
    while (item := q.get()) not in (STOP, None):
        eaten.append(item)
        if hasattr(q, "task_done"):
            q.task_done()


def eat(q, name, path):
    eaten = []
    consumer(q, name, eaten)
    with open(path, "wb") as f:
        pickle.dump(eaten, f)


def run(producers, consumers, n):
    q = JoinableQueue(10)
    folder = tempfile.mkdtemp()
    paths = {name: os.path.join(folder, str(i)) for i, name in enumerate(consumers)}
    guests = [Process(target=eat, args=(q, name, path)) for name, path in paths.items()]
    cooks = [Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
    for p in guests + cooks:
        p.start()
    for p in cooks:
        p.join()
    q.join()
    for _ in guests:
        q.put(STOP)
    for p in guests:
        p.join()
    return {name: pickle.load(open(path, "rb")) for name, path in paths.items()}
