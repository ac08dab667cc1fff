"""The lock of the exercise and, since files may be shared by programs, flock on a file beside."""

import fcntl
import json
import os
from multiprocessing import Pipe, Process, Semaphore


def search_ticket(user, path):
    with open(path) as f:
        return json.load(f)["count"]


def buy_ticket(user, path, lock):
    with lock, open(path + ".lock", "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        n = search_ticket(user, path)
        if n:
            with open(path + ".new", "w") as f:
                json.dump({"count": n - 1}, f)
                f.flush()
                os.fsync(f.fileno())
            os.replace(path + ".new", path)
        return n > 0


def customer(user, path, lock, out):
    search_ticket(user, path)
    out.send(buy_ticket(user, path, lock))
    out.close()


def sell(users, path):
    lock = Semaphore(1)
    ends = []
    for user in users:
        ours, theirs = Pipe(False)
        p = Process(target=customer, args=(user, path, lock, theirs))
        p.start()
        theirs.close()
        ends.append((user, ours, p))
    winners = []
    for user, ours, p in ends:
        try:
            if ours.recv():
                winners.append(user)
        except EOFError:
            print(user, "had no luck")
        p.join()
    return winners
