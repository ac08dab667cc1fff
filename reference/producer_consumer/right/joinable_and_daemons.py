import random
import time
from multiprocessing import JoinableQueue, Manager, Process


def producer(q, name, food, n):
    for i in range(n):
        time.sleep(random.random() / 1000)
        q.put("%s%s" % (food, i))
        print(f"{name} cooked {food}{i}")
    q.join()


def consumer(q, name, eaten):
    while True:
        item = q.get()
        time.sleep(random.random() / 1000)
        eaten.append(item)
        print(f"{name} ate {item}")
        q.task_done()


def run(producers, consumers, n):
    q = JoinableQueue(10)
    with Manager() as manager:
        plates = {name: manager.list() for name in consumers}
        cooks = [Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
        for name in consumers:
            Process(target=consumer, args=(q, name, plates[name]), daemon=True).start()
        for p in cooks:
            p.start()
        for p in cooks:
            p.join()
        q.join()
        return {name: list(plate) for name, plate in plates.items()}
