import multiprocessing as mp

END = None


class Cook(mp.Process):
    def __init__(self, q, name, food, n):
        super().__init__(name=name)
        self.q, self.food, self.n = q, food, n

    def run(self):
        producer(self.q, self.name, self.food, self.n)


class Guest(mp.Process):
    def __init__(self, q, name):
        super().__init__(name=name)
        self.q = q
        self.mine, self.theirs = mp.Pipe(duplex=False)

    def run(self):
        eaten = []
        consumer(self.q, self.name, eaten)
        self.theirs.send(eaten)


def producer(q, name, food, n):
    i = 0
    while i < n:
        q.put(food + str(i))
        i += 1


def consumer(q, name, eaten):
    while (item := q.get()) is not END:
        eaten.append(item)
    q.put(END)


def run(producers, consumers, n):
    q = mp.Queue(maxsize=10)
    cooks = [Cook(q, name, food, n) for name, food in producers.items()]
    guests = [Guest(q, name) for name in consumers]
    for process in [*guests, *cooks]:
        process.start()
    for cook in cooks:
        cook.join()
    q.put(END)
    result = {guest.name: guest.mine.recv() for guest in guests}
    for guest in guests:
        guest.join()
    return result
