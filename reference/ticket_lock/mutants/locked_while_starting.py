# kills: ticket_lock.sale.no-oversell, ticket_lock.lock.one
import json
import os
from multiprocessing import Lock, Process, SimpleQueue


def search_ticket(user, path):
    with open(path) as f:
        return json.load(f)["count"]


def buy_ticket(user, path, lock):
    count = search_ticket(user, path)
    if count == 0:
        return False
    with open(f"{path}.{user}", "w") as f:
        json.dump({"count": count - 1}, f)
    os.replace(f"{path}.{user}", path)
    return True


def visit(user, path, lock, winners):
    if search_ticket(user, path) > 0 and buy_ticket(user, path, lock):
        winners.put(user)


def sell(users, path):
    lock, winners = Lock(), SimpleQueue()
    visits = [Process(target=visit, args=(user, path, lock, winners)) for user in users]
    for process in visits:
        with lock:
            process.start()
    for process in visits:
        process.join()
    found = []
    while not winners.empty():
        found.append(winners.get())
    return found
