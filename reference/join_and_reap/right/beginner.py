# 作业：join 和僵尸进程
import time
from multiprocessing import Process


def run_all(jobs):
    l = []
    for job in jobs:
        p = Process(target=job)
        p.start()
        l.append(p)
    for p in l:
        p.join()
    result = []
    for p in l:
        print(p.name, "退出码", p.exitcode)
        result.append(p.exitcode)
    return result


def run_in_order(jobs):
    result = []
    for job in jobs:
        p = Process(target=job)
        p.start()
        p.join()          # 等它结束再启动下一个
        result.append(p.exitcode)
    return result


def run_first(jobs):
    l = []
    for job in jobs:
        p = Process(target=job)
        l.append(p)
    for p in l:
        p.start()
    first = -1
    while first == -1:
        for i in range(len(l)):
            if l[i].is_alive() == False:
                first = i
                break
        time.sleep(0.01)
    for p in l:
        p.terminate()
    for p in l:
        p.join(1)
        if p.is_alive():
            p.kill()
            p.join()
    return first


def run_with_deadline(job, seconds):
    p = Process(target=job)
    p.start()
    start = time.time()
    while time.time() - start < seconds:
        if not p.is_alive():
            p.join()
            return p.exitcode
        time.sleep(0.01)
    p.terminate()
    p.join(1)
    if p.is_alive():
        p.kill()
    p.join()
    return None


def main_ends_first(jobs):
    for job in jobs:
        p = Process(target=job)
        p.start()
    print("主进程代码结束")


if __name__ == "__main__":
    print(run_all([print, print]))
