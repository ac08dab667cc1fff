# kills: ipc_queue.evaluate.hostile, ipc_queue.queue.order
"""第五章 1.4.11 节的例子。"""

from multiprocessing import Process, Queue


def evaluate(expression):
    return eval(expression)


def consumer(q, ret_q):
    ret_q.put(eval(q.get()))


def worker(questions, answers):
    consumer(questions, answers)


def calculate(expressions, workers=2):
    q = Queue(5)
    ret_q = Queue()
    for i in range(workers):
        Process(target=consumer, args=(q, ret_q)).start()
    for e in expressions:
        q.put(e)
    result = []
    for e in expressions:
        result.append(ret_q.get())
    return result
