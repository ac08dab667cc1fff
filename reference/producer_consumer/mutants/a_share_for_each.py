# kills: producer_consumer.kitchen.once
"""Everybody eats a share that was worked out before."""
from multiprocessing import Process, Queue, SimpleQueue


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten, share=None):
    while share is None or len(eaten) < share:
        item = q.get()
        if item is None:
            return
        eaten.append(item)


def work(q, name, out, share):
    eaten = []
    consumer(q, name, eaten, share)
    out.put((name, eaten))


def run(producers, consumers, n):
    q, out = Queue(10), SimpleQueue()
    share = len(producers) * n // len(consumers)
    ps = [Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
    cs = [Process(target=work, args=(q, name, out, share)) for name in consumers]
    for p in ps + cs:
        p.start()
    result = dict(out.get() for _ in cs)
    for p in ps + cs:
        p.join()
    return result
