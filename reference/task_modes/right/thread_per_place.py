import multiprocessing
import queue
import threading
from concurrent import futures


def run_sync(tasks):
    with futures.ThreadPoolExecutor(max_workers=1) as one:
        return list(one.map(lambda t: t(), tasks))


def run_async(tasks):
    class P(multiprocessing.Process):
        def __init__(self, task):
            super().__init__()
            self.task = task

        def run(self):
            self.task()

    result = [P(t) for t in tasks]
    for p in result:
        p.start()
    return result


def _child(task, q):
    try:
        q.put(("ok", task()))
    except BaseException as e:
        q.put(("error", e))


def run_parallel(tasks, workers):
    todo = queue.Queue()
    for item in enumerate(tasks):
        todo.put(item)
    results, errors = {}, []

    def slot():
        while True:
            try:
                i, task = todo.get_nowait()
            except queue.Empty:
                return
            q = multiprocessing.Queue()
            p = multiprocessing.Process(target=_child, args=(task, q))
            p.start()
            kind, value = q.get()
            p.join()
            if kind == "ok":
                results[i] = value
            else:
                errors.append(value)

    slots = [threading.Thread(target=slot) for _ in range(workers)]
    for s in slots:
        s.start()
    for s in slots:
        s.join()
    if errors:
        raise errors[0]
    return [results[i] for i in range(len(tasks))]


def run_concurrent(tasks):
    out = [None] * len(tasks)
    errs = [None] * len(tasks)

    def one(i):
        try:
            out[i] = tasks[i]()
        except Exception as e:
            errs[i] = e

    ts = []
    for i in range(len(tasks)):
        ts.append(threading.Thread(target=one, args=[i]))
    [t.start() for t in ts]
    [t.join() for t in ts]
    for e in errs:
        if e is not None:
            raise e
    return out
