# 初学者的写法：自己数进程，自己用管道取结果
from multiprocessing import Pipe, Process
from multiprocessing.connection import wait
from threading import Thread


def run_sync(tasks):
    result = []
    for i in range(len(tasks)):
        r = tasks[i]()
        result.append(r)
    return result


def run_async(tasks):
    lst = []
    for t in tasks:
        p = Process(target=t, args=())
        p.start()
        lst.append(p)
    return lst


def son(conn, task):
    try:
        conn.send((True, task()))
    except Exception as e:
        conn.send((False, e))
    conn.close()


def run_parallel(tasks, workers):
    result = [None] * len(tasks)
    error = None
    running = {}
    n = 0
    while n < len(tasks) or running:
        while n < len(tasks) and len(running) < workers:
            r, w = Pipe(False)
            p = Process(target=son, args=(w, tasks[n]))
            p.start()
            w.close()
            running[r] = (n, p)
            n = n + 1
        for r in wait(list(running)):
            i, p = running.pop(r)
            ok, value = r.recv()
            p.join()
            r.close()
            if ok:
                result[i] = value
            elif error is None:
                error = value
    if error is not None:
        raise error
    return result


class MyThread(Thread):
    def __init__(self, task):
        Thread.__init__(self)
        self.task = task
        self.value = None
        self.error = None

    def run(self):
        try:
            self.value = self.task()
        except BaseException as e:
            self.error = e


def run_concurrent(tasks):
    threads = [MyThread(t) for t in tasks]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for t in threads:
        if t.error:
            raise t.error
    return [t.value for t in threads]
