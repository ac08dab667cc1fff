# kills: ticket_lock.sale.processes
import json
from multiprocessing import Lock, Process, SimpleQueue
from pathlib import Path


def search_ticket(user, path):
    return json.loads(Path(path).read_text(encoding="utf-8"))["count"]


def write(path, count):
    new = Path(f"{path}.new")
    new.write_text(json.dumps({"count": count}), encoding="utf-8")
    new.replace(path)


def buy_ticket(user, path, lock):
    with lock:
        count = search_ticket(user, path)
        if count == 0:
            return False
        write(path, count - 1)
        return True


def visit(user, path, lock, winners):
    if search_ticket(user, path) > 0 and buy_ticket(user, path, lock):
        winners.put(user)


def sell(users, path):
    lock = Lock()
    return [user for user in users if buy_ticket(user, path, lock)]
