import logging
import signal
import sys
from multiprocessing import Event, Process


class Heartbeat(Process):
    daemon_name = "heart"

    def __init__(self, path, interval, stopping):
        Process.__init__(self, name=self.daemon_name)
        self.path, self.interval, self.stopping = path, interval, stopping
        self.daemon = True

    def run(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        log = logging.getLogger("heart")
        handler = logging.FileHandler(self.path, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        while not self.stopping.is_set():
            log.info("is alive")
            self.stopping.wait(self.interval)


def run(path, interval, work):
    stopping = Event()
    heart = Heartbeat(path, interval, stopping)
    heart.start()
    try:
        work()
    finally:
        stopping.set()
        heart.join()


def stop(process):
    if not process.is_alive():
        return False
    process.terminate()
    process.join(4)
    if process.is_alive():
        process.kill()
        process.join()
    return process.is_alive()


def run_with_sibling(path, interval, work, sibling):
    brother = Process(target=sibling)
    brother.start()
    stopping = Event()
    heart = Heartbeat(path, interval, stopping)
    heart.start()
    try:
        work()
    finally:
        stopping.set()
        heart.join()
