# kills: producer_consumer.kitchen.once
import random
import time
from multiprocessing import JoinableQueue, Process


def producer(q, name, food, n):
    for i in range(n):
        time.sleep(random.random() / 10)
        res = f"{food}{i}"
        q.put(res)
        print(f"{name} 生产了 {res}")
    q.join()


def consumer(q, name, eaten):
    while True:
        res = q.get()
        time.sleep(random.random() / 10)
        eaten.append(res)
        print(f"{name} 吃了 {res}")
        q.task_done()


def run(producers, consumers, n):
    q = JoinableQueue()
    eaten = {name: [] for name in consumers}
    p_l = [Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
    c_l = [Process(target=consumer, args=(q, name, eaten[name])) for name in consumers]
    for c in c_l:
        c.daemon = True
    for p in p_l + c_l:
        p.start()
    for p in p_l:
        p.join()
    return eaten
