# kills: daemon_process.sibling.daemon-first
import os
import time
from multiprocessing import Process
from threading import Thread
import signal


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


def beat_on(path, interval, pid):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while os.path.exists(f"/proc/{pid}") and "zombie" not in open(f"/proc/{pid}/status").read():
        with open(path, "a", encoding="utf-8") as f:
            f.write("is alive\n")
        time.sleep(interval)
    time.sleep(interval)


def run_with_sibling(path, interval, work, sibling):
    s = Process(target=sibling)
    s.start()
    Process(target=beat_on, args=(path, interval, s.pid), daemon=True).start()
    work()
