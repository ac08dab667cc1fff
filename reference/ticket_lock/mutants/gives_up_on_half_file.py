# kills: ticket_lock.sale.everyone-served
import json
from multiprocessing import Lock, Process, SimpleQueue
from pathlib import Path


def search_ticket(user, path):
    return json.loads(Path(path).read_text(encoding="utf-8"))["count"]


def write(path, count):
    with open(path, "w", encoding="utf-8") as file:
        file.write(json.dumps({"count": count}))


def buy_ticket(user, path, lock):
    with lock:
        count = search_ticket(user, path)
        if count == 0:
            return False
        write(path, count - 1)
        return True


def visit(user, path, lock, winners):
    try:
        left = search_ticket(user, path)
    except ValueError:
        left = 0
    if left > 0 and buy_ticket(user, path, lock):
        winners.put(user)


def sell(users, path):
    lock, winners = Lock(), SimpleQueue()
    visits = [Process(target=visit, args=(user, path, lock, winners)) for user in users]
    for process in visits:
        process.start()
    for process in visits:
        process.join()
    found = []
    while not winners.empty():
        found.append(winners.get())
    return found
