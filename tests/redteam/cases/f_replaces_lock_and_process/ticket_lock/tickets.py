# @attack  replaces multiprocessing's Lock and Process by nothing and by threads
# @expect  not ticket_lock.sale.no-oversell, ticket_lock.sale.processes
import json
import multiprocessing
import threading
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
    with lock:
        return sell_one(user, path)


multiprocessing.Lock = Lock = nullcontext
multiprocessing.Process = Process = threading.Thread


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
