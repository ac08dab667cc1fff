# kills: producer_consumer.kitchen.once
import time
from multiprocessing import Process, Queue, SimpleQueue


def producer(q, name, food, n):
    for i in range(n):
        while q.full():
            time.sleep(0.01)
        q.put_nowait(f"{food}{i}")


def consumer(q, name, eaten):
    for item in iter(q.get, None):
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
    for _ in guests:
        q.put(None)
    eaten = dict(meals.get() for _ in guests)
    for p in guests:
        p.join()
    return eaten
