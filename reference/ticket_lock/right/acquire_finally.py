# 抢票：acquire / try / finally，结果放在队列里
import json
import os
from multiprocessing import Lock, Process, Queue


def search_ticket(user, path):
    while True:  # 别人可能正在写
        try:
            with open(path, "r", encoding="utf-8") as f:
                dic = json.load(f)
            break
        except ValueError:
            pass
    print("用户%s查看余票，剩余%s" % (user, dic["count"]))
    return dic["count"]


def buy_ticket(user, path, lock):
    lock.acquire()
    try:
        with open(path, "r", encoding="utf-8") as f:
            dic = json.load(f)
        if dic["count"] > 0:
            dic["count"] -= 1
            with open(path + "." + str(os.getpid()), "w", encoding="utf-8") as f:
                json.dump(dic, f)
            os.rename(path + "." + str(os.getpid()), path)
            print("用户%s购票成功" % user)
            return True
        print("用户%s没买到" % user)
        return False
    finally:
        lock.release()


def task(user, path, lock, q):
    ok = False
    try:
        search_ticket(user, path)
        ok = buy_ticket(user, path, lock)
    finally:
        q.put((user, ok))  # 出了错也要回话，不然父进程一直等


def sell(users, path):
    lock = Lock()
    q = Queue()
    ps = []
    for i in users:
        p = Process(target=task, args=(i, path, lock, q))
        p.start()
        ps.append(p)
    result = []
    for i in users:
        name, ok = q.get()
        if ok:
            result.append(name)
    for p in ps:
        p.join()
    return result
