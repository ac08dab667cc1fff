"""No sentinel: consumers look whether the kitchen is closed. They ask before they look into the queue, not after."""

import queue
from multiprocessing import Event, Manager, Process, Queue

closed = Event()


def producer(q, name, food, n):
    for i in range(n):
        while True:
            try:
                q.put(f"{food}{i}", timeout=0.5)
                break
            except queue.Full:
                pass


def consumer(q, name, eaten):
    while True:
        last_call = closed.is_set()
        try:
            item = q.get(timeout=0.05)
        except queue.Empty:
            if last_call:
                return
        else:
            eaten.append(item)


def run(producers, consumers, n):
    closed.clear()
    q = Queue(10)
    with Manager() as manager:
        plates = manager.dict()
        for name in consumers:
            plates[name] = manager.list()
        cooks = [Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
        guests = [Process(target=consumer, args=(q, name, plates[name])) for name in consumers]
        for p in guests + cooks:
            p.start()
        for p in cooks:
            p.join()
        closed.set()
        for p in guests:
            p.join()
        return {name: list(plate) for name, plate in plates.items()}
