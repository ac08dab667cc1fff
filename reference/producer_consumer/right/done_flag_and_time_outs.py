"""Who has waited in vain looks whether the end had been said before it waited."""

import queue
from multiprocessing import Event, Process, Queue, SimpleQueue

DONE = Event()


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten):
    while True:
        over = DONE.is_set()
        try:
            item = q.get(timeout=0.5)
        except queue.Empty:
            if over:
                break
            continue
        eaten.append(item)


def visit(q, name, meals):
    eaten = []
    consumer(q, name, eaten)
    meals.put((name, eaten))


def run(producers, consumers, n):
    q, meals = Queue(10), SimpleQueue()
    cooks = [Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
    guests = [Process(target=visit, args=(q, name, meals)) for name in consumers]
    for p in cooks + guests:
        p.start()
    for p in cooks:
        p.join()
    DONE.set()
    eaten = dict(meals.get() for _ in guests)
    for p in guests:
        p.join()
    return eaten
