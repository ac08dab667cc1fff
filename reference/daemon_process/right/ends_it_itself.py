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
    heart = Process(target=beat, args=(path, interval))
    heart.daemon = True
    heart.start()
    try:
        return work()
    finally:
        heart.terminate()
        heart.join()


def stop(process):
    if process.is_alive():
        process.terminate()
    while process.is_alive():
        process.join(0.05)
    return process.is_alive()


def run_with_sibling(path, interval, work, sibling):
    other = Process(target=sibling)
    other.start()
    run(path, interval, work)
    other.join()
