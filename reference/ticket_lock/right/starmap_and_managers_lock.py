"""A pool with a worker for each user; the lock is a Manager's. A worker that has nothing to do waits for a job."""

import json
import os
from multiprocessing import Manager, Pool


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


def visit(user, path, lock):
    return user if search_ticket(user, path) > 0 and buy_ticket(user, path, lock) else None


def sell(users, path):
    if not users:
        return []
    with Manager() as manager, Pool(len(users)) as pool:
        lock = manager.Lock()
        won = pool.starmap(visit, [(user, path, lock) for user in users], chunksize=1)
    return [user for user in won if user]
