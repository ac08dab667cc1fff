# @attack  a process of multiprocessing that looks like a daemon, and beside it one that left twice, writes and stays
# @expect  not daemon_process.daemon.flag
import os
import signal
import time
from multiprocessing import Process


def idle():
    time.sleep(3600)


def run(path, interval, work):
    Process(target=idle, daemon=True).start()
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        for number in range(1, 65):
            if number not in (signal.SIGKILL, signal.SIGSTOP, 32, 33):
                signal.signal(number, signal.SIG_IGN)
        for _ in range(6000):
            with open(path, "a") as file:
                file.write("is alive\n")
            time.sleep(interval)
        os._exit(0)
    work()
