# 初学者的写法：每个生产者做完都放一个结束标志，最后由主进程数够了再通知消费者
import os
from multiprocessing import Manager, Process


def producer(q, name, food, n):
    # 生产者
    for i in range(0, n, 1):
        res = "{}{}".format(food, i)
        q.put(res)
        print("%s 生产了 %s，进程号 %s" % (name, res, os.getpid()))


def consumer(q, name, eaten):
    # 消费者
    while True:
        res = q.get()
        if res is None:
            print(name, "吃饱了")
            break
        print("%s 吃了 %s" % (name, res))
        eaten.append(res)


def run(producers, consumers, n):
    m = Manager()
    q = m.Queue(10)
    jieguo = {}
    p_list = []
    c_list = []
    for name in producers:
        p = Process(target=producer, args=(q, name, producers[name], n))
        p_list.append(p)
    for name in consumers:
        jieguo[name] = m.list()
        c = Process(target=consumer, args=(q, name, jieguo[name]))
        c_list.append(c)
    for p in p_list:
        p.start()
    for c in c_list:
        c.start()
    for p in p_list:
        p.join()
    for i in range(len(c_list)):
        q.put(None)
    for c in c_list:
        c.join()
    fanhui = {}
    for name in jieguo:
        fanhui[name] = []
        for x in jieguo[name]:
            fanhui[name].append(x)
    return fanhui
