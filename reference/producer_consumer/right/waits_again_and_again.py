"""Every wait has a time-out, and is tried again."""

import queue
from multiprocessing import Process, Queue, SimpleQueue


def producer(q, name, food, n):
    for i in range(n):
        while True:
            try:
                q.put(f"{food}{i}", timeout=1)
                break
            except queue.Full:
                continue


def consumer(q, name, eaten):
    while True:
        try:
            item = q.get(timeout=0.2)
        except queue.Empty:
            continue
        if item is None:
            break
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
        while p.is_alive():
            p.join(0.1)
    for _ in guests:
        q.put(None)
    eaten = dict(meals.get() for _ in guests)
    for p in guests:
        p.join()
    return eaten
