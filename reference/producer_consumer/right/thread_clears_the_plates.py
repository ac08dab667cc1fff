"""Every item is sent home at once; a thread puts it on the plate where it belongs."""

from multiprocessing import Process, Queue
from threading import Thread


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten):
    for item in iter(q.get, None):
        eaten.append(item)


class Plate:
    """A list that lies in the parent."""

    def __init__(self, name, meals):
        self.name, self.meals = name, meals

    def append(self, item):
        self.meals.put((self.name, item))


def clear(meals, eaten):
    for name, item in iter(meals.get, "closed"):
        eaten[name].append(item)


def run(producers, consumers, n):
    q, meals = Queue(10), Queue()
    eaten = {name: [] for name in consumers}
    cooks = [Process(target=producer, args=(q, *pair, n)) for pair in producers.items()]
    guests = [Process(target=consumer, args=(q, name, Plate(name, meals))) for name in consumers]
    for process in cooks + guests:
        process.start()
    clearing = Thread(target=clear, args=(meals, eaten))
    clearing.start()
    for process in cooks:
        process.join()
    for _ in guests:
        q.put(None)
    for process in guests:
        process.join()
    meals.put("closed")
    clearing.join()
    return eaten
