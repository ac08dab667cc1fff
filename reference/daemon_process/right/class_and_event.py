"""心跳是 Process 的子类，用 Event 计时。"""

import multiprocessing
import sys


class Heart(multiprocessing.Process):
    def __init__(self, path, interval):
        super().__init__(daemon=True)
        self.path = path
        self.interval = interval

    def run(self):
        never = multiprocessing.Event()
        with open(self.path, mode="a", buffering=1, encoding="utf-8") as file:
            while not never.wait(self.interval):
                print("is alive", file=file, flush=True)


class Sibling(multiprocessing.Process):
    def __init__(self, sibling):
        multiprocessing.Process.__init__(self, name="sibling")
        self.sibling = sibling

    def run(self):
        self.sibling()


def run(path, interval, work):
    heart = Heart(path, interval)
    heart.start()
    work()
    return heart


def stop(process):
    process.terminate()
    process.join(3)
    if process.exitcode is None:
        print("kill", file=sys.stderr)
        process.kill()
        process.join()
    return process.is_alive()


def run_with_sibling(path, interval, work, sibling):
    processes = [Heart(path, interval), Sibling(sibling)]
    for process in processes:
        process.start()
    work()
    processes[1].join()
