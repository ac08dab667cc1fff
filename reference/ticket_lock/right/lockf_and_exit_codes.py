"""用文件锁，不用 multiprocessing 的锁；结果用退出码返回。"""
import fcntl
import json
import multiprocessing as mp
import os
import sys


def search_ticket(user, path):
    f = open(path, encoding="utf-8")
    text = f.read()
    f.close()
    return int(json.loads(text)["count"])


def buy_ticket(user, path, lock):
    guard = open(path + ".lock", "a")
    fcntl.lockf(guard, fcntl.LOCK_EX)
    try:
        left = search_ticket(user, path)
        if left <= 0:
            return False
        temporary = "%s.%d" % (path, os.getpid())
        with open(temporary, "w", encoding="utf-8") as out:
            out.write(json.dumps({"count": left - 1}))
        os.rename(temporary, path)
        return True
    finally:
        fcntl.lockf(guard, fcntl.LOCK_UN)
        guard.close()


def one(user, path, lock):
    sys.exit(0 if search_ticket(user, path) and buy_ticket(user, path, lock) else 3)


def sell(users, path):
    lock = mp.Lock()
    children = {}
    for user in users:
        children[user] = mp.Process(target=one, args=(user, path, lock))
        children[user].start()
    lucky = []
    for user in children:
        children[user].join()
        if children[user].exitcode == 0:
            lucky.append(user)
    return lucky
