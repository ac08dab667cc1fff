"""Hands our jobs to the student's functions. Runs in the student's process, so nothing here is secret or believed.

When a call is over the main code stands still (jobs.pause) until our side has looked around.
"""

import jobs


def run(student, address, function, names, method="fork", manners=(), seconds=None, twice=False):
    """Calls a function with one job for each name; run_with_deadline with a single one. manners: as in jobs.Job.

    twice: it is called once more, for one job.
    """
    jobs.use(method)
    student.module("reaper")
    manners = dict(manners)
    work = [jobs.Job(address, name, manners.get(name, "")) for name in names]
    student.call("reaper", function, *([work] if seconds is None else [work[0], seconds]))
    jobs.pause(address)
    if twice:
        student.invoke("again", lambda: len(getattr(student.module("reaper"), function)([int])))


def spawned(student, address, names, seconds):
    """Calls each of the other functions where processes are spawned, with a job of its own."""
    jobs.use("spawn")
    student.module("reaper")
    one, two, three, four = (jobs.Job(address, name) for name in names)
    student.call("reaper", "run_in_order", [one])
    student.call("reaper", "run_first", [two])
    student.call("reaper", "run_with_deadline", three, seconds)
    student.call("reaper", "main_ends_first", [four])
    jobs.pause(address)


def load(student, address):
    student.module("reaper")
    jobs.pause(address)
