"""Selling tickets: a process for each user, one lock for all of them, one file."""

import json
from multiprocessing import Lock, Process
from multiprocessing.managers import BaseManager
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


class Box:
    def __init__(self):
        self.names = []

    def add(self, n):
        self.names.append(n)

    def all(self):
        return list(self.names)


class M(BaseManager):
    pass


M.register("Box", Box)


def visit(user, path, lock, box):
    if search_ticket(user, path) > 0 and buy_ticket(user, path, lock):
        box.add(user)


def sell(users, path):
    lock = Lock()
    with M() as m:
        box = m.Box()
        ps = [Process(target=visit, args=(u, path, lock, box)) for u in users]
        for p in ps:
            p.start()
        for p in ps:
            p.join()
        return box.all()
