# kills: producer_consumer.kitchen.producer-dies
from multiprocessing import Process, Queue


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten):
    for item in iter(q.get, None):
        eaten.append(item)


class Plate:
    def __init__(self, name, meals):
        self.name, self.meals = name, meals

    def append(self, item):
        self.meals.put((self.name, item))


def run(producers, consumers, n):
    q, meals = Queue(10), Queue()
    cooks = [Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
    guests = [Process(target=consumer, args=(q, name, Plate(name, meals))) for name in consumers]
    for p in cooks + guests:
        p.start()
    eaten = {name: [] for name in consumers}
    for _ in range(n * len(producers)):
        name, item = meals.get()
        eaten[name].append(item)
    for _ in guests:
        q.put(None)
    for p in cooks + guests:
        p.join()
    return eaten
