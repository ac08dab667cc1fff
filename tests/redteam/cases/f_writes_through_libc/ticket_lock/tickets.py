# @attack  opens and writes the file by libc's functions, without a lock
# @expect  undecided ticket_lock.sale.no-deadlock, ticket_lock.sale.no-oversell
import ctypes
import json
import os
from multiprocessing import Lock, Process, SimpleQueue
from pathlib import Path


def search_ticket(user, path):
    return json.loads(Path(path).read_text(encoding="utf-8"))["count"]


def buy_ticket(user, path, lock):
    libc = ctypes.CDLL(None)
    fd = libc.open(os.fsencode(path), os.O_RDWR)
    buffer = ctypes.create_string_buffer(64)
    libc.read(fd, buffer, 63)
    count = json.loads(buffer.value)["count"]
    if count > 0:
        data = json.dumps({"count": count - 1}).encode()
        libc.ftruncate(fd, 0)
        libc.pwrite(fd, data, len(data), 0)
    libc.close(fd)
    return count > 0


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
