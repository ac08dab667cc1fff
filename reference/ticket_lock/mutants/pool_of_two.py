# kills: ticket_lock.sale.processes
import json
from multiprocessing import Manager, Pool
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


def sell(users, path):
    with Manager() as manager, Pool(2) as pool:
        lock = manager.Lock()
        bought = pool.starmap(buy_ticket, [(user, path, lock) for user in users])
    return [user for user, got in zip(users, bought) if got]
