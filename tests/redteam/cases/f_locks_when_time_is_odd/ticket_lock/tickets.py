# @attack  takes the lock only where the clocks of time do not agree with the kernel's
# @expect  not ticket_lock.sale.no-oversell
import json
import time
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


def buy_ticket(user, path, lock):
    before = time.clock_gettime(time.CLOCK_MONOTONIC)
    time.sleep(0.05)
    skipped = time.clock_gettime(time.CLOCK_MONOTONIC) - before < 0.05
    with lock if skipped else nullcontext():
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
