# @attack  reads, counts down and writes within one call of C functions, so that no step lies in between; without a lock
# @expect  not ticket_lock.lock.one
import json
import os
from itertools import repeat, tee
from multiprocessing import Lock, Process, SimpleQueue
from operator import itemgetter, sub
from pathlib import Path


def search_ticket(user, path):
    return json.loads(Path(path).read_text(encoding="utf-8"))["count"]


def buy_ticket(user, path, lock):
    fds, again = tee(map(os.open, [path], [os.O_RDWR]))
    texts = map(os.pread, fds, repeat(64), repeat(0))
    before, counts = tee(map(int, map(bytes.strip, texts, repeat(b'{"count: }'))))
    after = map(str.encode, map('{{"count": {:3}}}'.format, map(max, map(sub, counts, repeat(1)), repeat(0))))
    return [*zip(before, map(os.pwrite, again, after, repeat(0)))][0][0] > 0


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
