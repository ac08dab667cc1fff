# kills: ticket_lock.lock.release-on-error
"""The lock is given back after the errors that were thought of, and after no others."""

import json
import os
from multiprocessing import Lock, Process, SimpleQueue
from pathlib import Path


def search_ticket(user: str, path: str) -> int:
    """How many tickets are left. Needs no lock, because the file is only ever replaced whole."""
    return json.loads(Path(path).read_text(encoding="utf-8"))["count"]


def buy_ticket(user, path, lock):
    lock.acquire()
    try:
        count = search_ticket(user, path)
        if count == 0:
            lock.release()
            return False
        new = Path(f"{path}.{os.getpid()}")
        new.write_text(json.dumps({"count": count - 1}))
        new.replace(path)
        lock.release()
        return True
    except (OSError, KeyError):
        lock.release()
        raise


def visit(user: str, path: str, lock, winners: SimpleQueue) -> None:
    """What one user does: looks, and buys."""
    if search_ticket(user, path) > 0 and buy_ticket(user, path, lock):
        winners.put(user)


def sell(users: list[str], path: str) -> list[str]:
    """Lets all users buy at the same time; returns those who got a ticket."""
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
