"""Hands our jobs to the student's functions. Runs in the student's process, so nothing here is secret or believed.

When a call is over the main code stands still (jobs.pause) until our side has looked around.
"""

import jobs


def run(student, address, function, names, method="fork", manners=(), seconds=None):
    """Calls a function with one job for each name; run_with_deadline with a single one. manners: as in jobs.Job."""
    jobs.use(method)
    student.module("reaper")
    manners = dict(manners)
    work = [jobs.Job(address, name, manners.get(name, "")) for name in names]
    student.call("reaper", function, *([work] if seconds is None else [work[0], seconds]))
    jobs.pause(address)


def load(student, address):
    student.module("reaper")
    jobs.pause(address)
