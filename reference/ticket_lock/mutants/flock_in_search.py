# kills: ticket_lock.search.free
import fcntl
import json
from multiprocessing import Lock, Process, SimpleQueue
from pathlib import Path


def search_ticket(user, path):
    with open(path, encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        return json.load(file)["count"]


def buy_ticket(user, path, lock):
    with open(path, "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        count = json.load(file)["count"]
        if count == 0:
            return False
        file.seek(0)
        json.dump({"count": count - 1}, file)
        file.truncate()
        return True


def visit(user, path, lock, winners):
    if search_ticket(user, path) > 0 and buy_ticket(user, path, lock):
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
