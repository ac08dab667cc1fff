# @attack  takes the monitoring tool over and registers functions of its own
# @expect  undecided ticket_lock.sale.no-deadlock, ticket_lock.sale.no-oversell
import json
import sys
import threading
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
    monitoring = getattr(sys, "monitoring", None)
    if monitoring:
        for tool in range(6):
            monitoring.register_callback(tool, monitoring.events.INSTRUCTION, None)
    threading.settrace(lambda *_: None)
    sys.setprofile(None)
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
