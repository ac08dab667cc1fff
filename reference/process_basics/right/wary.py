"""Time-outs by an alarm, a parent that the child was told of, and a look at what comes back."""

import os
import signal
from multiprocessing import Process, SimpleQueue

SECONDS = 2


class Late(Exception):
    pass


def late(number, frame):
    raise Late


def start_all(target, args_list):
    processes = []
    for args in args_list:
        assert isinstance(args, tuple), args
        process = Process(target=target, args=args)
        process.start()
        processes.append(process)
    return processes


class LineWriter(Process):
    def __init__(self, path, text):
        super().__init__()
        self.path = path
        self.text = text
        self.parent = os.getpid()  # only who has made a process can start it

    def run(self):
        with open(self.path, "a", encoding="utf-8") as file:
            print(self.text, self.pid, self.parent, sep=",", file=file)


def whoami():
    return os.getpid(), os.getppid()


def add_one(box, answers):
    box[0] += 1
    answers.put(box[0])


def bump(box):
    before = box[0]
    answers = SimpleQueue()
    child = Process(target=add_one, args=(box, answers))
    child.start()
    seen = answers.get()
    child.join()
    if child.exitcode != 0 or box[0] != before or seen != before + 1:
        raise RuntimeError(f"the child says {seen}, here it is {box[0]}, and it was {before}")
    return box[0], seen


def stop(process):
    handler = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        process.terminate()
        process.join()
    except Late:
        process.kill()
        process.join()
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, handler)
    return process.is_alive()
