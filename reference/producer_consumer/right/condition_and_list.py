"""No Queue at all: a shared list, a Condition, and a count of those who still cook."""

from multiprocessing import Condition, Manager, Process, Value


class Counter:
    """A queue of ten, made by hand; what is asked of it is put, get and close."""

    def __init__(self, manager, room=10):
        self.items, self.room = manager.list(), room
        self.condition, self.closed = Condition(), Value("b", 0)

    def put(self, item):
        with self.condition:
            self.condition.wait_for(lambda: len(self.items) < self.room)
            self.items.append(item)
            self.condition.notify_all()

    def get(self):
        with self.condition:
            self.condition.wait_for(lambda: len(self.items) > 0 or self.closed.value)
            item = self.items.pop(0) if len(self.items) else None
            self.condition.notify_all()
            return item

    def close(self):
        with self.condition:
            self.closed.value = 1
            self.condition.notify_all()


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten):
    while True:
        item = q.get()
        if item is None:
            return
        eaten.append(item)


def run(producers, consumers, n):
    with Manager() as manager:
        q, eaten = Counter(manager), {name: manager.list() for name in consumers}
        cooks = [Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
        guests = [Process(target=consumer, args=(q, name, eaten[name])) for name in consumers]
        for process in cooks + guests:
            process.start()
        for process in cooks:
            process.join()
        q.close()
        for process in guests:
            process.join()
        return {name: list(plate) for name, plate in eaten.items()}
