# @attack  children that do nothing, while the main process cooks and eats everything by itself
# @expect  not producer_consumer.kitchen.processes
from itertools import cycle
from multiprocessing import Process, Queue


def idle():
    pass


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten):
    while (item := q.get()) is not None:
        eaten.append(item)


def run(producers, consumers, n):
    Queue(10)
    processes = [Process(target=idle) for _ in (*producers, *consumers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    eaten = {name: [] for name in consumers}
    guests = cycle(eaten.values())
    for food in producers.values():
        for i in range(n):
            next(guests).append(f"{food}{i}")
    return eaten
