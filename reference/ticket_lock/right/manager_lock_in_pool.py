import json
import os
from multiprocessing import Manager, Pool


def search_ticket(user, path):
    for _ in range(50):
        try:
            with open(path) as f:
                return json.load(f)["count"]
        except json.JSONDecodeError:
            continue
    raise OSError("the file never became whole")


def buy_ticket(user, path, lock):
    with lock:
        left = search_ticket(user, path)
        if left < 1:
            return False
        with open(f"{path}~", "w") as f:
            f.write(json.dumps({"count": left - 1}))
        os.replace(f"{path}~", path)
    return True


def one(job):
    user, path, lock = job
    left = search_ticket(user, path)
    return user if left and buy_ticket(user, path, lock) else None


def sell(users, path):
    if not users:
        return []
    with Manager() as manager:
        lock = manager.Lock()
        pool = Pool(len(users))
        jobs = [pool.apply_async(one, ((user, path, lock),)) for user in users]
        pool.close()
        got = [job.get() for job in jobs]
        pool.join()
    return [user for user in got if user is not None]
