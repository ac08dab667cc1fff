"""No queue: who has won leaves a file, and the parent looks which there are. Names may hold anything."""

import json
import os
import shutil
import tempfile
from multiprocessing import BoundedSemaphore, Process


def search_ticket(user, path):
    with open(path, "rb") as file:
        return json.loads(file.read())["count"]


def buy_ticket(user, path, lock):
    with lock:
        count = search_ticket(user, path)
        if count < 1:
            return False
        part = path + ".part"
        file = open(part, "w")
        print(json.dumps({"count": count - 1}), file=file)
        file.close()
        os.rename(part, path)
    return True


def visitor(number, user, path, lock, folder):
    print(user, "sees", search_ticket(user, path), "tickets")
    if buy_ticket(user, path, lock):
        open(os.path.join(folder, str(number)), "w").close()


def sell(users, path):
    folder = tempfile.mkdtemp()
    try:
        lock = BoundedSemaphore()
        crowd = {}
        for number, user in enumerate(users):
            crowd[number] = Process(target=visitor, args=(number, user, path, lock, folder))
        for process in crowd.values():
            process.start()
        for process in crowd.values():
            process.join()
        return [user for number, user in enumerate(users) if os.path.exists(os.path.join(folder, str(number)))]
    finally:
        shutil.rmtree(folder)
