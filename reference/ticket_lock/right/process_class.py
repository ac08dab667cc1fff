"""A class of processes, an RLock, exit codes as answers."""

import json
import os
import sys
import tempfile
from multiprocessing import Process, RLock
from pathlib import Path


def search_ticket(user: str, path: str) -> int:
    return int(json.loads(Path(path).read_bytes())["count"])


def buy_ticket(user: str, path: str, lock) -> bool:
    with lock:
        return _take(Path(path))


def _take(path: Path) -> bool:
    data = json.loads(path.read_bytes())
    if data["count"] <= 0:
        return False
    data["count"] -= 1
    fd, name = tempfile.mkstemp(dir=path.absolute().parent)
    with os.fdopen(fd, "w") as file:
        json.dump(data, file)
    os.replace(name, path)
    return True


class Buyer(Process):
    def __init__(self, user, path, lock):
        super().__init__(name=user)
        self.user, self.path, self.lock = user, path, lock

    def run(self):
        if search_ticket(self.user, self.path):
            sys.exit(0 if buy_ticket(self.user, self.path, self.lock) else 3)
        sys.exit(3)


def sell(users: list, path: str) -> list:
    lock = RLock()
    buyers = [Buyer(user, path, lock) for user in users]
    [b.start() for b in buyers]
    [b.join() for b in buyers]
    return [b.user for b in buyers if b.exitcode == 0]
