# kills: ticket_lock.sale.no-deadlock
import json
import time
from multiprocessing import Lock, Manager, Process


def search_ticket(user, path):
    with open(path) as f:
        dic = json.load(f)
    print(f"用户{user}查看余票，还剩{dic['count']}张")
    return dic["count"]


def buy_ticket(user, path, lock):
    lock.acquire()
    with open(path) as f:
        dic = json.load(f)
    time.sleep(0.1)
    bought = dic["count"] > 0
    if bought:
        dic["count"] -= 1
        with open(path, "w") as f:
            json.dump(dic, f)
        print(f"用户{user}购票成功")
    lock.release()
    return bought


def task(user, path, lock, winners):
    search_ticket(user, path)
    lock.acquire()
    if buy_ticket(user, path, lock):
        winners.append(user)
    lock.release()


def sell(users, path):
    lock = Lock()
    with Manager() as manager:
        winners = manager.list()
        ps = []
        for user in users:
            p = Process(target=task, args=(user, path, lock, winners))
            p.start()
            ps.append(p)
        for p in ps:
            p.join()
        return list(winners)
