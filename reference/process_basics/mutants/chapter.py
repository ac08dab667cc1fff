# kills: process_basics.start.all, process_basics.oop.numbers
"""第五章 1.4 节的例子。"""

import os
import time
from multiprocessing import Process


def start_all(target, args_list):
    p_lst = []
    for args in args_list:
        p = Process(target=target, args=args)
        p.start()
        p.join()
        p_lst.append(p)
    return p_lst


class LineWriter(Process):
    def __init__(self, path, text):
        super().__init__()
        self.path = path
        self.text = text
        self.me = os.getpid()

    def run(self):
        with open(self.path, "a", encoding="utf-8") as f:
            f.write("%s,%s,%s\n" % (self.text, self.me, os.getppid()))


def whoami():
    return os.getpid(), os.getppid()


def work(box):
    box[0] += 1
    print("子进程", box[0])


def bump(box):
    p = Process(target=work, args=(box,))
    p.start()
    p.join()
    return box[0], box[0]


def stop(process):
    process.terminate()
    print(process.is_alive())
    time.sleep(0.1)
    return process.is_alive()
