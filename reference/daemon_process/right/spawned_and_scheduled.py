import atexit
import multiprocessing
import os
import sched
import time

mp = multiprocessing.get_context("spawn")


def heart(path, interval):
    fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    scheduler = sched.scheduler(time.monotonic, time.sleep)

    def beat(when):
        os.write(fd, b"is alive\n")
        scheduler.enterabs(when + interval, 1, beat, (when + interval,))

    beat(time.monotonic())
    while multiprocessing.parent_process().is_alive():
        scheduler.run(blocking=False)
        time.sleep(interval / 10)


def run(path, interval, work):
    h = mp.Process(target=heart, args=(path, interval), daemon=True)
    h.start()
    atexit.register(h.terminate)
    result = work()
    return result


def stop(process):
    process.terminate()
    process.join(timeout=2)
    while process.is_alive():
        os.kill(process.pid, 9)
        process.join(timeout=1)
    alive = process.is_alive()
    process.close()
    return alive


def run_with_sibling(path, interval, work, sibling):
    s = mp.Process(target=sibling, daemon=False)
    h = mp.Process(target=heart, args=(path, interval), daemon=True)
    for p in (s, h):
        p.start()
    try:
        work()
    finally:
        h.terminate()
        h.join()
        s.join()
