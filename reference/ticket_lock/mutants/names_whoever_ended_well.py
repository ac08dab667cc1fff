# kills: ticket_lock.sale.sells
import json
import os
from multiprocessing import Lock, Process


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
    return search_ticket(user, path) > 0 and buy_ticket(user, path, lock)


def sell(users, path):
    lock = Lock()
    visits = {user: Process(target=visit, args=(user, path, lock)) for user in users}
    for process in visits.values():
        process.start()
    for process in visits.values():
        process.join()
    return [user for user, process in visits.items() if process.exitcode == 0]
