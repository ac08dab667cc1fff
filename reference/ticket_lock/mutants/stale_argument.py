# kills: ticket_lock.sale.sells
import json
from multiprocessing import Lock, Process, SimpleQueue
from pathlib import Path


def search_ticket(user, path):
    return json.loads(Path(path).read_text(encoding="utf-8"))["count"]


def write(path, count):
    new = Path(f"{path}.new")
    new.write_text(json.dumps({"count": count}), encoding="utf-8")
    new.replace(path)


def buy_ticket(user, path, lock):
    with lock:
        count = search_ticket(user, path)
        if count == 0:
            return False
        write(path, count - 1)
        return True


def visit(user, path, lock, winners, count):
    with lock:
        if count > 0:
            write(path, count - 1)
            winners.put(user)


def sell(users, path):
    lock, winners = Lock(), SimpleQueue()
    count = search_ticket("", path) if users else 0
    visits = [Process(target=visit, args=(user, path, lock, winners, count)) for user in users]
    for process in visits:
        process.start()
    for process in visits:
        process.join()
    found = []
    while not winners.empty():
        found.append(winners.get())
    return found
