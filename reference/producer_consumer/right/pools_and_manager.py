from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Manager


class End:
    """What no item is."""


def producer(q, name, food, n):
    for item in map(f"{food}{{}}".format, range(n)):
        q.put(item)


def consumer(q, name, eaten):
    while True:
        item = q.get()
        if item is None or isinstance(item, End):
            return
        eaten.append(item)


def visit(q, name):
    eaten = []
    consumer(q, name, eaten)
    return name, eaten


def run(producers, consumers, n):
    if not consumers:
        return {}
    with Manager() as manager, ProcessPoolExecutor(len(producers) + len(consumers)) as pool:
        q = manager.Queue(10)
        visits = [pool.submit(visit, q, name) for name in consumers]
        cooking = [pool.submit(producer, q, name, food, n) for name, food in producers.items()]
        try:
            for work in cooking:
                work.result()
        finally:
            for _ in consumers:
                q.put(End())
        return dict(work.result() for work in visits)
