# @attack  lets a program of its own sell, without a lock
# @expect  undecided ticket_lock.sale.no-deadlock, ticket_lock.sale.no-oversell
import json
import subprocess
import sys
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


PROGRAM = "import sys, tickets; sys.exit(not tickets.sell_one(*sys.argv[1:]))"


def buy_ticket(user, path, lock):
    return subprocess.run([sys.executable, "-c", PROGRAM, user, path]).returncode == 0


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
