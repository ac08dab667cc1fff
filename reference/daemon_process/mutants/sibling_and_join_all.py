# kills: daemon_process.sibling.daemon-first
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
    Process(target=beat, args=(path, interval), daemon=True).start()
    work()


def stop(process):
    process.terminate()
    process.join()
    return process.is_alive()


def run_with_sibling(path, interval, work, sibling):
    d = Process(target=beat, args=(path, interval), daemon=True)
    s = Process(target=sibling)
    d.start()
    s.start()
    work()
    s.join()
    d.join()
