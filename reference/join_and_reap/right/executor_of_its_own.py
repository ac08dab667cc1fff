"""A class keeps the processes; a context is named; at the end of the program an exit handler waits as well."""

import atexit
import multiprocessing
from contextlib import contextmanager

context = multiprocessing.get_context("fork")


class Crew:
    def __init__(self, jobs):
        self.processes = [context.Process(target=job) for job in jobs]

    def __enter__(self):
        for process in self.processes:
            process.start()
        return self

    def __exit__(self, *error):
        for process in self.processes:
            if process.is_alive():
                process.terminate()
        for process in self.processes:
            process.join(1)
            if process.is_alive():
                process.kill()
                process.join()

    def codes(self):
        for process in self.processes:
            process.join()
        return [process.exitcode for process in self.processes]


@contextmanager
def crew(*jobs):
    with Crew(jobs) as members:
        yield members


def run_all(jobs):
    with crew(*jobs) as c:
        return c.codes()


def run_in_order(jobs):
    codes = []
    for job in jobs:
        with crew(job) as c:
            codes.extend(c.codes())
    return codes


def run_first(jobs):
    with crew(*jobs) as c:
        sentinels = [process.sentinel for process in c.processes]
        return sentinels.index(multiprocessing.connection.wait(sentinels)[0])


def run_with_deadline(job, seconds):
    with crew(job) as c:
        process = c.processes[0]
        process.join(timeout=seconds)
        return process.exitcode


def main_ends_first(jobs):
    members = Crew(jobs)
    members.__enter__()
    atexit.register(members.codes)
