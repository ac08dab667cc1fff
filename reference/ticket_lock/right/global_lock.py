# 初学者：锁是模块里的全局变量，由 fork 共享
import json
from multiprocessing import Lock, Process, Value
import os

mutex = Lock()


def search_ticket(user, path):
    f = open(path)
    s = f.read()
    f.close()
    return json.loads(s)["count"]


def buy_ticket(user, path, lock):
    lock.acquire()
    ok = False
    try:
        n = search_ticket(user, path)
        if n >= 1:
            n = n - 1
            f = open(path + "_" + user, "w")
            f.write('{"count": ' + str(n) + "}")
            f.close()
            os.replace(path + "_" + user, path)
            ok = True
    except Exception as e:
        lock.release()
        raise e
    lock.release()
    return ok


def func(user, path, v):
    n = search_ticket(user, path)
    if n == 0:
        print(user, "没有票了")
        return
    if buy_ticket(user, path, mutex):
        v.value = 1


def sell(users, path):
    d = {}
    l = []
    for user in users:
        v = Value("i", 0)
        d[user] = v
        p = Process(target=func, args=(user, path, v))
        l.append(p)
        p.start()
    for p in l:
        p.join()
    r = []
    for user in d:
        if d[user].value == 1:
            r.append(user)
    return r
