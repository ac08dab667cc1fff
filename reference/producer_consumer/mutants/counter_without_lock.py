# kills: producer_consumer.kitchen.once
from multiprocessing import Process, Queue, SimpleQueue, Value


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten):
    while True:
        item = q.get()
        if item is None:
            break
        eaten.append(item)


def cook(q, name, food, n, left, guests):
    producer(q, name, food, n)
    left.value -= 1
    if left.value == 0:
        for _ in range(guests):
            q.put(None)


def visit(q, name, meals):
    eaten = []
    consumer(q, name, eaten)
    meals.put((name, eaten))


def run(producers, consumers, n):
    q, meals, left = Queue(10), SimpleQueue(), Value('i', len(producers))
    cooks = [Process(target=cook, args=(q, name, food, n, left, len(consumers))) for name, food in producers.items()]
    guests = [Process(target=visit, args=(q, name, meals)) for name in consumers]
    for p in cooks + guests:
        p.start()
    for p in cooks:
        p.join()
    eaten = dict(meals.get() for _ in guests)
    for p in guests:
        p.join()
    return eaten
