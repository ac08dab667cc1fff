# kills: producer_consumer.kitchen.once
from multiprocessing import Event, Process, Queue, SimpleQueue


def producer(q, name, food, n):
    for i in range(n):
        q.put(food + str(i))


def consumer(q, name, eaten, closed=None):
    while closed is None or not closed.is_set() or not q.empty():
        item = q.get()
        if item is None:
            break
        eaten.append(item)


def work(q, name, out, closed):
    eaten = []
    consumer(q, name, eaten, closed)
    out.put((name, eaten))


def run(producers, consumers, n):
    q, out, closed = Queue(10), SimpleQueue(), Event()
    ps = [Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
    cs = [Process(target=work, args=(q, name, out, closed)) for name in consumers]
    for p in ps + cs:
        p.start()
    for p in ps:
        p.join()
    closed.set()
    result = dict(out.get() for _ in cs)
    for c in cs:
        c.join()
    return result
