# 课程里的例子，改对了：锁只拿一次，文件整个替换
import json
import os
import time
from multiprocessing import Lock, Manager, Process


def search_ticket(user, path):
    with open(path) as f:
        dic = json.load(f)
    print(f"用户{user}查看余票，还剩{dic['count']}张")
    return dic["count"]


def buy_ticket(user, path, lock):
    with lock:
        time.sleep(0.1)
        with open(path) as f:
            dic = json.load(f)
        time.sleep(0.1)
        if dic["count"] > 0:
            dic["count"] -= 1
            with open(path + ".tmp", "w") as f:
                json.dump(dic, f)
            os.replace(path + ".tmp", path)
            print(f"用户{user}购票成功")
            return True
        print(f"用户{user}购票失败")
        return False


def task(user, path, lock, winners):
    search_ticket(user, path)
    if buy_ticket(user, path, lock):
        winners.append(user)


def sell(users, path):
    lock = Lock()
    with Manager() as manager:
        winners = manager.list()
        ps = [Process(target=task, args=(user, path, lock, winners)) for user in users]
        for p in ps:
            p.daemon = True
            p.start()
        for p in ps:
            p.join()
        return list(winners)
