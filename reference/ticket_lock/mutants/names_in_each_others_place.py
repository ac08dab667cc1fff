# kills: ticket_lock.sale.no-oversell
"""The place for a name is counted under a lock, and looked up again without it."""

import json
from multiprocessing import Array, Lock, Process, Value
from pathlib import Path


def search_ticket(user: str, path: str) -> int:
    """How many tickets are left. Needs no lock, because the file is only ever replaced whole."""
    return json.loads(Path(path).read_text(encoding="utf-8"))["count"]


def buy_ticket(user: str, path: str, lock) -> bool:
    """Takes one ticket; False where there is none left. Nobody comes between the reading and the writing."""
    with lock:
        count = search_ticket(user, path)
        if count == 0:
            return False
        new = Path(f"{path}.new")
        new.write_text(json.dumps({"count": count - 1}), encoding="utf-8")
        new.replace(path)
        return True


def visit(k, user, path, lock, arr, n):
    if search_ticket(user, path) > 0 and buy_ticket(user, path, lock):
        with n.get_lock():
            n.value += 1
        arr[n.value - 1] = k


def sell(users, path):
    lock = Lock()
    arr, n = Array("i", len(users) or 1), Value("i", 0)
    ps = [Process(target=visit, args=(k, u, path, lock, arr, n)) for k, u in enumerate(users)]
    for p in ps:
        p.start()
    for p in ps:
        p.join()
    return [users[arr[i]] for i in range(n.value)]
