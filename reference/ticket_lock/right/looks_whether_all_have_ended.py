"""Waits by looking again and again, not by join alone."""

import json
import os
import time
from multiprocessing import Lock, Process, SimpleQueue, active_children


def search_ticket(user, path):
    with open(path) as f:
        return json.load(f)["count"]


def buy_ticket(user, path, lock):
    with lock:
        count = search_ticket(user, path)
        if count == 0:
            return False
        with open(f"{path}.new", "w") as f:
            json.dump({"count": count - 1}, f)
        os.replace(f"{path}.new", path)
        return True


def visit(user, path, lock, winners):
    if search_ticket(user, path) > 0 and buy_ticket(user, path, lock):
        winners.put(user)


def sell(users, path):
    lock, winners = Lock(), SimpleQueue()
    visits = [Process(target=visit, args=(user, path, lock, winners)) for user in users]
    for process in visits:
        process.start()
    while active_children():
        time.sleep(0.02)
    found = []
    while not winners.empty():
        found.append(winners.get())
    return found
