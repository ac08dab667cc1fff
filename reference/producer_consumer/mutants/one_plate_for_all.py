# kills: producer_consumer.kitchen.once
from multiprocessing import Manager, Process, Queue


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten):
    while True:
        item = q.get()
        if item is None:
            break
        eaten.append(item)


def run(producers, consumers, n):
    q, manager = Queue(10), Manager()
    eaten = dict.fromkeys(consumers, manager.list())
    cooks = [Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
    guests = [Process(target=consumer, args=(q, name, eaten[name])) for name in consumers]
    for p in cooks + guests:
        p.start()
    for p in cooks:
        p.join()
    for _ in guests:
        q.put(None)
    for p in guests:
        p.join()
    return {name: list(eaten[name]) for name in consumers}
