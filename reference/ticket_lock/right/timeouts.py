"""Impatient: every wait has a time-out and is tried again."""

import json
import os
import queue
import time
from multiprocessing import Event, Lock, Process, Queue


def search_ticket(user, path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)["count"]


def buy_ticket(user, path, lock):
    while not lock.acquire(timeout=1):
        print(user, "still waits")
    try:
        count = search_ticket(user, path)
        if count == 0:
            return False
        with open(path + ".part", "w", encoding="utf-8") as file:
            json.dump({"count": count - 1}, file)
        os.replace(path + ".part", path)
        return True
    finally:
        lock.release()


def run(user, path, lock, go, out):
    go.wait(10)
    out.put(user if buy_ticket(user, path, lock) else "")


def sell(users, path):
    lock, go, out = Lock(), Event(), Queue()
    children = [Process(target=run, args=(user, path, lock, go, out)) for user in users]
    for child in children:
        child.start()
    go.set()
    names, end = [], time.monotonic() + 60
    while len(names) < len(users) and time.monotonic() < end:
        try:
            names.append(out.get(timeout=0.5))
        except queue.Empty:
            continue
    for child in children:
        child.join(5)
    return [name for name in names if name]
