"""Cooks and guests, a process each, and a queue of ten between them."""

from multiprocessing import Process, Queue, SimpleQueue


def producer(q, name: str, food: str, n: int) -> None:
    for i in range(n):
        q.put(f"{food}{i}")


def consumer(q, name: str, eaten) -> None:
    for item in iter(q.get, None):
        eaten.append(item)


def visit(q, name: str, meals: SimpleQueue) -> None:
    """What a guest does: eats, and tells us what it was."""
    eaten: list[str] = []
    consumer(q, name, eaten)
    meals.put((name, eaten))


def run(producers: dict[str, str], consumers: list[str], n: int) -> dict[str, list[str]]:
    q, meals = Queue(10), SimpleQueue()
    cooks = [Process(target=producer, args=(q, name, food, n)) for name, food in producers.items()]
    guests = [Process(target=visit, args=(q, name, meals)) for name in consumers]
    for process in cooks + guests:
        process.start()
    for cook in cooks:
        cook.join()  # what it has put is in the queue by now
    for _ in guests:
        q.put(None)
    eaten = dict(meals.get() for _ in guests)
    for guest in guests:
        guest.join()
    return eaten
