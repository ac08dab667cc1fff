# 用 while 循环和 is_alive
from multiprocessing import Process
from time import sleep, time
import os, signal


class Job(Process):
    def __init__(self, f, n):
        Process.__init__(self)
        self.f = f
        self.n = n

    def run(self):
        self.f()


def start(jobs):
    l = []
    for n in range(0, len(jobs)):
        p = Job(jobs[n], n)
        p.daemon = False
        p.start()
        l.append(p)
    return l


def run_all(jobs):
    l = start(jobs)
    while True:
        alive = 0
        for p in l:
            if p.is_alive():
                alive += 1
        if alive == 0:
            break
        sleep(0.02)
    res = []
    for p in l:
        res.append(p.exitcode)
    return res


def run_in_order(jobs):
    res = []
    for j in jobs:
        res += run_all([j])
    return res


def run_first(jobs):
    l = start(jobs)
    winner = None
    while winner is None:
        for p in l:
            if p.exitcode != None:
                winner = p
                break
        else:
            sleep(0.01)
    for p in l:
        if p is winner:
            continue
        os.kill(p.pid, signal.SIGTERM)
    for p in l:
        t = time()
        while p.is_alive():
            if time() - t > 1:
                os.kill(p.pid, signal.SIGKILL)
            sleep(0.01)
    return winner.n


def run_with_deadline(job, seconds):
    p = Job(job, 0)
    p.start()
    end = time() + seconds
    while time() < end:
        if not p.is_alive():
            return p.exitcode
        sleep(min(0.01, seconds / 10))
    if not p.is_alive():
        return p.exitcode
    p.terminate()
    p.join(4)
    if p.is_alive():
        p.kill()
        p.join()
    return None


def main_ends_first(jobs):
    start(jobs)
    return None
