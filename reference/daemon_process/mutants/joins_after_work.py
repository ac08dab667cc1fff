# kills: daemon_process.daemon.work
import os
import time
from multiprocessing import Process
from threading import Thread


def beat(path, interval):
    while True:
        with open(path, "a", encoding="utf-8") as f:
            f.write("is alive\n")
        time.sleep(interval)


def run(path, interval, work):
    p = Process(target=beat, args=(path, interval), daemon=True)
    p.start()
    work()
    p.join()


def stop(process):
    process.terminate()
    process.join()
    return process.is_alive()


def run_with_sibling(path, interval, work, sibling):
    Process(target=beat, args=(path, interval), daemon=True).start()
    Process(target=sibling).start()
    work()
