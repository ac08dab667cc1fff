"""谁最后做完，谁负责告诉每个客人结束了。

队列在管理进程里：put 返回时东西已经在队列里，所以"结束"不会跑到别的厨师的菜前面去。
"""
from multiprocessing import Manager, Process, Value


class Last:
    pass


def producer(q, name, food, n):
    i = 0
    while i < n:
        q.put(food + str(i))
        print(name, "made", food, i)
        i = i + 1


def consumer(q, name, eaten):
    while True:
        thing = q.get()
        if thing is None or isinstance(thing, Last):
            break
        print(name, "eats", thing)
        eaten.append(thing)


def cook(q, name, food, n, cooking, guests):
    try:
        producer(q, name, food, n)
    finally:
        with cooking.get_lock():
            cooking.value -= 1
            last = cooking.value == 0
        if last:
            for _ in range(guests):
                q.put(Last())


def run(producers, consumers, n):
    cooking = Value("i", len(producers))
    with Manager() as manager:
        q = manager.Queue(10)
        plates = {c: manager.list() for c in consumers}
        everybody = [Process(target=cook, args=(q, p, f, n, cooking, len(consumers))) for p, f in producers.items()]
        everybody += [Process(target=consumer, args=(q, c, plates[c])) for c in consumers]
        for one in everybody:
            one.start()
        if not producers:
            for _ in consumers:
                q.put(None)
        for one in everybody:
            one.join()
        return {c: list(plate) for c, plate in plates.items()}
