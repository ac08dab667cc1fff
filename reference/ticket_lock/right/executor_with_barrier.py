"""An executor with a worker for each user; all of them meet at a barrier before they buy."""

import json, os
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import Barrier, Lock

gate = mutex = None

def begin(lock, barrier):
    global gate, mutex
    mutex, gate = lock, barrier

def search_ticket(user, path):
    with open(path) as f:
        return json.load(f)["count"]

def buy_ticket(user, path, lock):
    with lock:
        n = search_ticket(user, path)
        if n <= 0:
            return False
        with open(path + ".t", "w") as f:
            json.dump({"count": n - 1}, f)
        os.replace(path + ".t", path)
        return True

def one(user, path):
    gate.wait()
    return user, buy_ticket(user, path, mutex)

def sell(users, path):
    if not users:
        return []
    lock, barrier = Lock(), Barrier(len(users))
    won = []
    with ProcessPoolExecutor(len(users), initializer=begin, initargs=(lock, barrier)) as pool:
        for job in as_completed([pool.submit(one, u, path) for u in users]):
            try:
                user, ok = job.result()
            except OSError:
                continue
            if ok:
                won.append(user)
    return won
