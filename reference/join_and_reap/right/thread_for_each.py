import multiprocessing as mp
import queue
import threading
import time
from multiprocessing.connection import wait


def run_all(jobs):
    ps = [mp.Process(target=j) for j in jobs]
    for p in ps: p.start()
    codes = {}
    left = list(ps)
    while left:
        ready = wait([p.sentinel for p in left], timeout=0.5)
        for p in left[:]:
            if p.sentinel in ready:
                p.join()
                codes[p] = p.exitcode
                left.remove(p)
    return [codes[p] for p in ps]


def run_in_order(jobs):
    def one(j):
        p = mp.Process(target=j)
        p.start()
        while p.is_alive():
            p.join(0.1)
        try:
            return p.exitcode
        finally:
            p.close()
    return [one(j) for j in jobs]


def _kill(p):
    deadline = time.time() + 2
    p.terminate()
    while p.exitcode is None and time.time() < deadline:
        time.sleep(0.01)
    if p.exitcode is None:
        p.kill()
    p.join()


def run_first(jobs):
    q = queue.Queue()
    ps = []
    for j in jobs:
        p = mp.Process(target=j)
        p.start()
        ps.append(p)

    def waiter(i):
        ps[i].join()
        q.put(i)

    # 每个进程一个线程来等 (the parent waits in threads)
    ts = [threading.Thread(target=waiter, args=(i,), daemon=True) for i in range(len(ps))]
    for t in ts: t.start()
    first = q.get()
    for p in ps:
        if p.exitcode is None:
            p.terminate()
    end = time.monotonic() + 3
    for t in ts:
        t.join(max(0, end - time.monotonic()))
    for p in ps:
        if p.exitcode is None:
            p.kill()
    for t in ts:
        t.join()
    return first


def run_with_deadline(job, seconds):
    p = mp.Process(target=job, daemon=True)
    p.start()
    if not wait([p.sentinel], seconds):
        _kill(p)
        return None
    p.join()
    return p.exitcode


def main_ends_first(jobs):
    for j in jobs:
        mp.Process(target=j).start()
