"""Every wait has a time-out, and is tried again."""

import json
import time
from multiprocessing import Lock, Process, SimpleQueue
from pathlib import Path


def search_ticket(user, path):
    return json.loads(Path(path).read_text(encoding="utf-8"))["count"]


def write(path, count):
    new = Path(f"{path}.new")
    new.write_text(json.dumps({"count": count}), encoding="utf-8")
    new.replace(path)


def buy_ticket(user, path, lock):
    while not lock.acquire(timeout=0.5):
        time.sleep(0.1)
    try:
        count = search_ticket(user, path)
        if count > 0:
            write(path, count - 1)
        return count > 0
    finally:
        lock.release()


def visit(user, path, lock, winners):
    if search_ticket(user, path) > 0 and buy_ticket(user, path, lock):
        winners.put(user)


def sell(users, path):
    lock, winners = Lock(), SimpleQueue()
    visits = [Process(target=visit, args=(user, path, lock, winners)) for user in users]
    for process in visits:
        process.start()
    for process in visits:
        while process.is_alive():
            process.join(timeout=1)
    found = []
    while not winners.empty():
        found.append(winners.get())
    return found
