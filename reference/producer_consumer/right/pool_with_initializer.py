"""A Pool's workers get the queue when they start, for it cannot be sent to them later."""

from multiprocessing import JoinableQueue, Pool

counter = None


def sit_down(q):
    global counter
    counter = q


def producer(q, name, food, n):
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name, eaten):
    for item in iter(q.get, None):
        eaten.append(item)
        q.task_done()
    q.task_done()


def cook(name, food, n):
    producer(counter, name, food, n)
    counter.join()  # all that was put before, of whomever, has been eaten


def eat(name):
    eaten = []
    consumer(counter, name, eaten)
    return eaten


def run(producers, consumers, n):
    q = JoinableQueue(10)
    with Pool(len(producers) + len(consumers), initializer=sit_down, initargs=(q,)) as pool:
        eating = {name: pool.apply_async(eat, (name,)) for name in consumers}
        cooking = [pool.apply_async(cook, (name, food, n)) for name, food in producers.items()]
        for work in cooking:
            work.wait()
        for _ in consumers:
            q.put(None)
        eaten = {name: work.get() for name, work in eating.items()}
        pool.close()
        pool.join()
    return eaten
