# kills: ticket_lock.sale.no-oversell
import _thread
import json
import os
from multiprocessing import Lock, Process, SimpleQueue


def search_ticket(user, path):
    with open(path) as f:
        return json.load(f)["count"]


def work(user, path, sold, done):
    try:
        count = search_ticket(user, path)
        if count:
            with open(path + user, "w") as f:
                json.dump({"count": count - 1}, f)
            os.replace(path + user, path)
        sold.append(count > 0)
    finally:
        done.release()


def buy_ticket(user, path, lock):
    sold, done = [], _thread.allocate_lock()
    done.acquire()
    _thread.start_new_thread(work, (user, path, sold, done))
    done.acquire()
    return sold[0]


def visit(user, path, lock, winners):
    if buy_ticket(user, path, lock):
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
