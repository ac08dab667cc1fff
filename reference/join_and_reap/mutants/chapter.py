# kills: join_and_reap.all.together, join_and_reap.first.index, join_and_reap.deadline.over, join_and_reap.last.returns
"""第五章 1.4 节的例子。"""

import time
from multiprocessing import Process


def run_all(jobs):
    codes = []
    for job in jobs:
        p = Process(target=job)
        p.start()
        p.join()
        codes.append(p.exitcode)
    return codes


def run_in_order(jobs):
    codes = []
    for job in jobs:
        p = Process(target=job)
        p.start()
        p.join()
        codes.append(p.exitcode)
    return codes


def run_first(jobs):
    p_lst = [Process(target=job) for job in jobs]
    for p in p_lst:
        p.start()
    for i, p in enumerate(p_lst):
        p.join()
        return i


def run_with_deadline(job, seconds):
    p = Process(target=job)
    p.start()
    p.join(seconds)
    p.terminate()
    time.sleep(0.1)
    return p.exitcode


def main_ends_first(jobs):
    p_lst = [Process(target=job) for job in jobs]
    for p in p_lst:
        p.start()
    [p.join() for p in p_lst]
    print("主进程结束")
