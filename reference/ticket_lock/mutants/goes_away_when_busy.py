# kills: ticket_lock.sale.everyone-served, ticket_lock.lock.one
import json
import os
from multiprocessing import Lock, Process, Semaphore, SimpleQueue


def search_ticket(user, path):
    with open(path) as f:
        return json.load(f)["count"]


def save(path, count, user):
    with open(path + user, "w") as f:
        json.dump({"count": count}, f)
    os.replace(path + user, path)


def buy_ticket(user, path, lock):
    if not lock.acquire(block=False):
        return False
    try:
        count = search_ticket(user, path)
        if count == 0:
            return False
        save(path, count - 1, user)
        return True
    finally:
        lock.release()


def visit(user, path, lock, winners):
    if search_ticket(user, path) > 0 and buy_ticket(user, path, lock):
        winners.put(user)


def sell(users, path):
    lock, winners = Lock(), SimpleQueue()
    processes = [Process(target=visit, args=(user, path, lock, winners)) for user in users]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
    found = []
    while not winners.empty():
        found.append(winners.get())
    return found
