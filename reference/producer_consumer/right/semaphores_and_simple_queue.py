"""A SimpleQueue knows no bound: ten free places are counted by a semaphore."""

import multiprocessing as mp


class Counter:
    def __init__(self, room):
        self.items, self.room = mp.SimpleQueue(), mp.BoundedSemaphore(room)

    def put(self, item):
        self.room.acquire()
        self.items.put(item)

    def get(self):
        item = self.items.get()
        self.room.release()
        return item


def producer(q, name, food, n):
    dishes = [f"{food}{i}" for i in range(n)]
    for dish in dishes:
        q.put(dish)


def consumer(q, name, eaten):
    while True:
        match q.get():
            case None:
                return
            case item:
                eaten.append(item)


def eat(q, name, plate):
    eaten = []
    consumer(q, name, eaten)
    plate.send(eaten)
    plate.close()


def run(producers, consumers, n):
    q = Counter(10)
    pipes = {name: mp.Pipe(False) for name in consumers}
    guests = [mp.Process(target=eat, args=(q, name, pipes[name][1])) for name in consumers]
    cooks = [mp.Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
    for p in (*guests, *cooks):
        p.start()
    for p in cooks:
        p.join()
    for _ in consumers:
        q.put(None)
    eaten = {name: pipes[name][0].recv() for name in consumers}
    for p in guests:
        p.join()
    return eaten
