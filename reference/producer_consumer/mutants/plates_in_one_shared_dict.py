# kills: producer_consumer.kitchen.once
from multiprocessing import Manager, Process, Queue


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten):
    for item in iter(q.get, None):
        eaten.append(item)


def visit(q, name, meals):
    eaten = []
    consumer(q, name, eaten)
    old = meals.get("all", {})
    old[name] = eaten
    meals["all"] = old


def run(producers, consumers, n):
    with Manager() as m:
        q, meals = Queue(10), m.dict()
        cooks = [Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
        guests = [Process(target=visit, args=(q, name, meals)) for name in consumers]
        for process in cooks + guests:
            process.start()
        for cook in cooks:
            cook.join()
        for _ in guests:
            q.put(None)
        for guest in guests:
            guest.join()
        return {name: meals.get("all", {}).get(name, []) for name in consumers}
