"""Hands our jobs to the student's functions. Runs in the student's process, so nothing here is secret or believed.

Each function ends a call by standing still (jobs.pause) until our side has looked around.
"""

from multiprocessing import active_children

import jobs


def run(student, address, function, names, method="fork", workers=None):
    """One call of `function` with a job of each name; what it raises has been reported already."""
    jobs.use(method)
    student.module("modes")
    tasks = [jobs.Job(address, name) for name in names]
    given = [tasks] if workers is None else [tasks, workers]
    pids = []
    try:
        value = student.call("modes", function, *given)
        pids = [getattr(p, "pid", None) for p in value or ()] if function == "run_async" else []
    except student.Failed:
        pass
    jobs.pause(address, "main", pids)
    for child in active_children():
        child.join()


def nothing(student, address):
    """Every function with no tasks at all."""
    for function, *more in (("run_sync",), ("run_async",), ("run_parallel", 3), ("run_concurrent",)):
        student.call("modes", function, [], *more)
    jobs.pause(address)


def load(student, address):
    """The module is imported where processes are spawned; no function is called."""
    jobs.use("spawn")
    student.module("modes")
    jobs.pause(address)
