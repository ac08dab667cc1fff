from multiprocessing import Lock, Pipe, Process, Semaphore, SimpleQueue


class Counter:
    def __init__(self):
        self.r, self.w = Pipe(False)
        self.mutex, self.full, self.room = Lock(), Semaphore(0), Semaphore(10)

    def put(self, item):
        self.room.acquire()
        self.mutex.acquire()
        self.w.send(item)
        self.mutex.release()
        self.full.release()

    def get(self):
        self.full.acquire()
        self.mutex.acquire()
        item = self.r.recv()
        self.mutex.release()
        self.room.release()
        return item


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten):
    for item in iter(q.get, None):
        eaten.append(item)


def visit(q, name, meals):
    eaten = []
    consumer(q, name, eaten)
    meals.put((name, eaten))


def run(producers, consumers, n):
    q, meals = Counter(), SimpleQueue()
    cooks = [Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
    guests = [Process(target=visit, args=(q, name, meals)) for name in consumers]
    for process in cooks + guests:
        process.start()
    for cook in cooks:
        cook.join()
    for _ in guests:
        q.put(None)
    eaten = dict(meals.get() for _ in guests)
    for guest in guests:
        guest.join()
    return eaten
