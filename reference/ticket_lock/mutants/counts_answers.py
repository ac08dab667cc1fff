# kills: ticket_lock.sale.buyers-fail
import json
from multiprocessing import Lock, Process, Queue
from pathlib import Path


def search_ticket(user, path):
    return json.loads(Path(path).read_text(encoding="utf-8"))["count"]


def buy_ticket(user, path, lock):
    with lock:
        count = search_ticket(user, path)
        if count == 0:
            return False
        new = Path(f"{path}.new")
        new.write_text(json.dumps({"count": count - 1}), encoding="utf-8")
        new.replace(path)
        return True


def visit(user, path, lock, answers):
    answers.put((user, buy_ticket(user, path, lock)))


def sell(users, path):
    lock, answers = Lock(), Queue()
    visits = [Process(target=visit, args=(user, path, lock, answers)) for user in users]
    for process in visits:
        process.start()
    got = [answers.get() for _ in users]
    for process in visits:
        process.join()
    return [user for user, bought in got if bought]
