# kills: task_modes.async.processes, task_modes.parallel.bound, task_modes.concurrent.one-process
"""第五章 1.4.6、1.4.7 节的例子。"""

import os
from multiprocessing import Process, Queue


def run_sync(tasks):
    results = []
    for task in tasks:
        results.append(task())
    return results


def run_async(tasks):
    p_lst = []
    for task in tasks:
        p = Process(target=task)
        p.start()
        p.join()
        p_lst.append(p)
    return p_lst


def func(q, i, task):
    print("子进程", os.getpid())
    q.put((i, task()))


def run_parallel(tasks, workers):
    q = Queue()
    for i, task in enumerate(tasks):
        Process(target=func, args=(q, i, task)).start()
    result = {}
    for i in range(len(tasks)):
        k, v = q.get()
        result[k] = v
    return [result[i] for i in range(len(tasks))]


def run_concurrent(tasks):
    return run_parallel(tasks, len(tasks))
