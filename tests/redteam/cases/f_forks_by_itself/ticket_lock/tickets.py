# @attack  makes its processes by os.fork, behind the back of multiprocessing, and takes no lock
# @expect  not ticket_lock.sale.no-oversell, ticket_lock.lock.one
import json
import os
from pathlib import Path


def search_ticket(user, path):
    return json.loads(Path(path).read_text(encoding="utf-8"))["count"]


def buy_ticket(user, path, lock):
    count = search_ticket(user, path)
    if count == 0:
        return False
    new = Path(f"{path}.{user}")
    new.write_text(json.dumps({"count": count - 1}), encoding="utf-8")
    new.replace(path)
    return True


def sell(users, path):
    visits = {}
    for user in users:
        pid = os.fork()
        if pid == 0:
            try:
                os._exit(0 if buy_ticket(user, path, None) else 1)
            finally:
                os._exit(1)
        visits[user] = pid
    return [user for user, pid in visits.items() if os.waitpid(pid, 0)[1] == 0]
