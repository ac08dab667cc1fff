# kills: producer_consumer.kitchen.processes
from multiprocessing import Process, Queue
from threading import Thread


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten):
    while True:
        item = q.get()
        if item is None:
            q.put(None)
            break
        eaten.append(item)


def run(producers, consumers, n):
    q = Queue(10)
    eaten = {name: [] for name in consumers}
    workers = [Process(target=print) for _ in range(len(producers) + len(consumers))]
    for w in workers:
        w.start()
    cooks = [Thread(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
    guests = [Thread(target=consumer, args=(q, name, eaten[name])) for name in consumers]
    for t in cooks + guests:
        t.start()
    for t in cooks:
        t.join()
    q.put(None)
    for t in guests:
        t.join()
    for w in workers:
        w.join()
    return eaten
