# kills: producer_consumer.kitchen.once
import queue
from multiprocessing import Process, Queue, SimpleQueue, Value


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten):
    for item in iter(q.get, None):
        eaten.append(item)


def cooking(q, name, food, n, done):
    producer(q, name, food, n)
    with done.get_lock():
        done.value += 1


def visit(q, name, meals, done, all):
    eaten = []
    while True:
        try:
            eaten.append(q.get(timeout=0.1))
        except queue.Empty:
            if done.value == all and q.empty():
                break
    meals.put((name, eaten))


def run(producers, consumers, n):
    q, meals = Queue(10), SimpleQueue()
    done = Value("i", 0)
    cooks = [Process(target=cooking, args=(q, name, food, n, done)) for name, food in producers.items()]
    guests = [Process(target=visit, args=(q, name, meals, done, len(producers))) for name in consumers]
    for process in cooks + guests:
        process.start()
    for cook in cooks:
        cook.join()
    eaten = dict(meals.get() for _ in guests)
    for guest in guests:
        guest.join()
    return eaten
