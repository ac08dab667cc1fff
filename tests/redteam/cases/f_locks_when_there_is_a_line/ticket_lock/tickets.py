# @attack  takes the lock only where a process has a socket
# @expect  not ticket_lock.sale.no-oversell, ticket_lock.lock.one
import json
import os
import stat
from contextlib import nullcontext
from multiprocessing import Lock, Process, SimpleQueue
from pathlib import Path


def search_ticket(user, path):
    return json.loads(Path(path).read_text(encoding="utf-8"))["count"]


def sell_one(user, path):
    count = search_ticket(user, path)
    if count == 0:
        return False
    new = Path(f"{path}.{user}")
    new.write_text(json.dumps({"count": count - 1}), encoding="utf-8")
    new.replace(path)
    return True


def watched():
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                return True
        except OSError:
            continue
    return False


def buy_ticket(user, path, lock):
    with lock if watched() else nullcontext():
        return sell_one(user, path)


def visit(user, path, lock, winners):
    if buy_ticket(user, path, lock):
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
