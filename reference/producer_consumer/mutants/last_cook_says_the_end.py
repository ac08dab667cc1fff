# kills: producer_consumer.kitchen.once
from multiprocessing import Process, Queue, SimpleQueue, Value


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten):
    for item in iter(q.get, None):
        eaten.append(item)


def visit(q, name, meals):
    eaten = []
    consumer(q, name, eaten)
    meals.put((name, eaten))


def cooking(q, name, food, n, left, guests):
    producer(q, name, food, n)
    with left.get_lock():
        left.value -= 1
        last = left.value == 0
    if last:
        for _ in range(guests):
            q.put(None)


def run(producers, consumers, n):
    q, meals = Queue(10), SimpleQueue()
    left = Value("i", len(producers))
    cooks = [Process(target=cooking, args=(q, name, food, n, left, len(consumers))) for name, food in producers.items()]
    guests = [Process(target=visit, args=(q, name, meals)) for name in consumers]
    for process in cooks + guests:
        process.start()
    for cook in cooks:
        cook.join()
    if not producers:
        for _ in guests:
            q.put(None)
    eaten = dict(meals.get() for _ in guests)
    for guest in guests:
        guest.join()
    return eaten
