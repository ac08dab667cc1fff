# kills: daemon_process.daemon.work, daemon_process.stop.answer
"""第五章 1.4.9 节的例子。"""

import time
from multiprocessing import Process


def func1(path, interval):
    while True:
        print("is alive")
        with open(path, "a") as f:
            f.write("is alive\n")
        time.sleep(interval)


def func2(sibling):
    sibling()
    print("i am finished")


def run(path, interval, work):
    p1 = Process(target=func1, args=(path, interval))
    p1.start()
    p1.daemon = True
    work()


def stop(p):
    p.terminate()
    print(p.is_alive())
    return p.is_alive()


def run_with_sibling(path, interval, work, sibling):
    p1 = Process(target=func1, args=(path, interval))
    p1.daemon = True
    p1.start()
    Process(target=func2, args=(sibling,)).start()
    work()
