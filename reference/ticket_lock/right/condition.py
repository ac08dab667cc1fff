import json
import os
import time
from multiprocessing import Array, Condition, Process


def search_ticket(user, path):
    return json.load(open(path))["count"]


def buy_ticket(user, path, lock):
    with lock:
        count = search_ticket(user, path)
        time.sleep(0.05)
        if count > 0:
            tmp = "%s.%s" % (path, user)
            with open(tmp, "w") as f:
                json.dump(dict(count=count - 1), f)
            os.replace(tmp, path)
    return count > 0


def buyer(i, user, path, lock, flags):
    time.sleep(0.01 * i)
    flags[i] = buy_ticket(user, path, lock)


def sell(users, path):
    lock = Condition()
    flags = Array("b", len(users) or 1)
    ps = []
    for i, user in enumerate(users):
        ps.append(Process(target=buyer, args=(i, user, path, lock, flags)))
    for p in ps:
        p.start()
    while any(p.is_alive() for p in ps):
        for p in ps:
            p.join(timeout=0.2)
    return [user for i, user in enumerate(users) if flags[i]]
