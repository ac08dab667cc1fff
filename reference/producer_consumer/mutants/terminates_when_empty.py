# kills: producer_consumer.kitchen.once
from multiprocessing import JoinableQueue, Manager, Process


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten):
    while True:
        item = q.get()
        eaten.append(item)
        q.task_done()


def run(producers, consumers, n):
    q, manager = JoinableQueue(10), Manager()
    eaten = {name: manager.list() for name in consumers}
    cooks = [Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
    guests = [Process(target=consumer, args=(q, name, eaten[name]), daemon=True) for name in consumers]
    for p in cooks + guests:
        p.start()
    for p in cooks:
        p.join()
    while not q.empty():
        pass
    for p in guests:
        p.terminate()
        p.join()
    return {name: list(plate) for name, plate in eaten.items()}
