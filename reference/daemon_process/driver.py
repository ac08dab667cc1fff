"""Hands our work to the student's functions. Runs in the student's process, so nothing here is secret or believed.

The work waits for a few heartbeats and then calls our side with what it has seen; it ends on our word.
"""

import contextlib
import multiprocessing.process
import os
import time
from multiprocessing import Process

import jobs

PATH = "beats.txt"
LINE = "is alive"
OLDER = "somebody else was alive\n"  # stands in the file before the first heartbeat
LONGER = 3  # times as many intervals as wanted are waited for, at most


class Work:
    """A callable; our side hears of it once `enough` lines are there, or after so many intervals without them.

    An interval in which a child computes, or waits for a processor, does not count: it may not have started yet.
    """

    def __init__(self, address, interval, turns, enough):
        self.address, self.interval, self.turns, self.enough = address, interval, turns, enough
        self.began = time.monotonic()  # no heart can have beaten before: it is made as the argument of the call

    def __call__(self):
        text, idle = "", 0
        for _ in range(LONGER * self.turns):
            time.sleep(self.interval)
            text = content()
            idle += not any(map(computes, multiprocessing.process._children))
            if idle >= self.turns or text.removeprefix(OLDER).count("\n") >= self.enough:
                break
        elapsed = (time.monotonic() - self.began) / self.interval
        children = {p.pid: p.daemon for p in multiprocessing.process._children}
        held = any(map(holds, children))
        jobs.Job(self.address, "work")(*seen(text), round(elapsed, 1), idle, held, children)


def computes(process):
    """Our own view of a child, by /proc; False where there is none."""
    try:
        with open(f"/proc/{process.pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] in "RD"
    except OSError:
        return False


def holds(pid):
    """A child has our file open while we look; False where it cannot be seen."""
    try:
        with os.scandir(f"/proc/{pid}/fd") as found:
            return any(os.path.samefile(entry.path, PATH) for entry in found)
    except OSError:
        return False


def content():
    try:
        with open(PATH, encoding="utf-8", errors="replace", newline="") as file:
            return file.read()
    except OSError:
        return ""


def seen(text):
    """How many lines are right, the first that is not, what stands after the last newline; is the older line there?"""
    *lines, rest = text.removeprefix(OLDER).split("\n")
    wrong = [line for line in lines if line != LINE]
    return lines.count(LINE), wrong[0][:60] if wrong else None, rest[:60], text.startswith(OLDER)


def run(student, address, interval, turns, enough, method="fork"):
    jobs.use(method)
    write_older()
    student.module("heartbeat")
    call(student, "run", address, PATH, interval, Work(address, interval, turns, enough))
    jobs.pause(address)


def with_sibling(student, address, interval, turns, enough):
    write_older()
    student.module("heartbeat")
    work, sibling = Work(address, interval, turns, enough), jobs.Job(address, "sibling")
    call(student, "run_with_sibling", address, PATH, interval, work, sibling)
    jobs.pause(address)


def write_older():
    with open(PATH, "w", encoding="utf-8") as file:
        file.write(OLDER)


def call(student, function, address, *args):
    """What it raises has been reported already."""
    with contextlib.suppress(student.Failed):
        student.call("heartbeat", function, *args)


def stop(student, address, manner):
    """Starts a process and, on our word, has it stopped."""
    student.module("heartbeat")
    victim = Process(target=jobs.Job(address, "victim", manner))
    victim.start()
    jobs.pause(address, "main is ready")
    student.call("heartbeat", "stop", victim)
    jobs.pause(address)
    victim.join()


def load(student, address):
    jobs.use("spawn")
    student.module("heartbeat")
    jobs.pause(address)
