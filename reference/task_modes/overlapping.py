"""The checks of run_parallel and run_concurrent."""

from __future__ import annotations

from grader.analysis.lifecycle import arrivals, most_at_once
from grader.checks import SHOULD, check, fail
from grader.model import Text, Trace, say

from .readings import (
    MAIN,
    RUN,
    call_of,
    did_not_come_back,
    due,
    hosts,
    most_together,
    places,
    raises,
    recorded,
    results,
)

WORKERS = 3

# --- run_parallel -----------------------------------------------------------------------------------------------------


@check(
    "parallel.processes",
    case="parallel.bound",
    points=1,
    requirement=say("run_parallel runs the tasks in child processes"),
)
def parallel_processes(trace: Trace) -> Text:
    expected = say("every task runs in a child process")
    where = places(trace)
    if "thread" in where.values():
        fail(expected, say("a task ran in a thread of the main process"), "thread-not-process")
    if "main" in where.values():
        fail(expected, say("a task ran in the main process"), "run-not-start")
    if not where:
        did_not_come_back(trace, expected) if MAIN not in arrivals(trace, RUN) else fail(expected, say("no task ran"))
    return say("{n} tasks ran in child processes", n=len(where))


@check(
    "parallel.bound",
    points=1.5,
    needs=("parallel.processes",),
    requirement=say("never more processes than workers are alive"),
)
def parallel_bound(trace: Trace) -> Text:
    return _bound(trace, WORKERS)


def _bound(trace: Trace, workers: int) -> Text:
    expected = say("at most {n} processes at a time for {all} tasks", n=workers, all=len(due(trace)))
    most = most_at_once(hosts(trace))
    if most > workers:
        fail(expected, say("{n} were alive at the same time", n=most), "unbounded")
    call_of(trace, "run_parallel", expected)
    return say("{n} at most were alive at the same time", n=most)


@check(
    "parallel.at-once",
    case="parallel.bound",
    points=1.5,
    needs=("parallel.processes",),
    requirement=say("as many processes as there are workers run at the same time, while there is work for them"),
)
def parallel_at_once(trace: Trace) -> Text:
    expected = say("{n} tasks run at the same time", n=WORKERS)
    most = most_together(trace)
    if most < WORKERS:
        fail(expected, say("never more than {n}", n=most), "one-after-another" if most == 1 else "too-few-workers")
    return say("{n} tasks were waiting for our word at the same time", n=most)


@check(
    "parallel.results",
    case="parallel.bound",
    points=1.5,
    needs=("parallel.processes",),
    requirement=say("run_parallel returns the results in the order of the tasks, whichever ended first"),
)
def parallel_results(trace: Trace) -> Text:
    return results(trace, "run_parallel")


@check(
    "parallel.clean",
    case="parallel.bound",
    points=1,
    needs=("parallel.results",),
    requirement=say("when run_parallel returns, all its processes have ended and were joined"),
)
def parallel_clean(trace: Trace) -> Text:
    return _clean(trace)


def _clean(trace: Trace) -> Text:
    expected = say("no child process is left, running or as a zombie")
    found, at = recorded(trace), arrivals(trace, RUN)[MAIN].at
    running, zombies = found.alive(at), found.zombies(at)
    if running:
        fail(expected, say("{n} were still running", n=len(running)), "pool-left-open")
    if zombies:
        fail(expected, say("{n} had ended and were zombies", n=len(zombies)), "never-joined")
    return say("{n} processes, all ended and joined", n=len(found.children))


@check(
    "parallel.one",
    points=0.5,
    severity=SHOULD,
    needs=("parallel.results",),
    requirement=say("with one worker the tasks run one after another"),
)
def parallel_one(trace: Trace) -> Text:
    return _bound(trace, 1)


@check(
    "parallel.raises",
    points=1,
    needs=("parallel.results",),
    requirement=say("when a task raises, run_parallel raises"),
)
def parallel_raises(trace: Trace) -> Text:
    return raises(trace, "run_parallel", same=False)


@check(
    "parallel.raises-clean",
    case="parallel.raises",
    points=0.5,
    needs=("parallel.raises", "parallel.clean"),
    requirement=say("also when a task raises, no child process is left"),
)
def parallel_raises_clean(trace: Trace) -> Text:
    return _clean(trace)


@check(
    "parallel.spawn",
    points=0.5,
    severity=SHOULD,
    needs=("parallel.results",),
    requirement=say("run_parallel works as well where processes are spawned, as on Windows and macOS"),
)
def parallel_spawn(trace: Trace) -> Text:
    expected = say("{n} results", n=len(due(trace)))
    outcome = call_of(trace, "run_parallel", expected)
    if outcome.raised and "pickle" in str(outcome.text):
        fail(expected, outcome.text, "unpicklable-target", outcome.where)
    return results(trace, "run_parallel")


# --- run_concurrent ---------------------------------------------------------------------------------------------------


@check(
    "concurrent.one-process",
    case="concurrent.together",
    points=1,
    requirement=say("run_concurrent runs all tasks in one process"),
)
def concurrent_one_process(trace: Trace) -> Text:
    expected = say("all tasks run in the process that calls run_concurrent")
    where = places(trace)
    if set(where.values()) & {"child", "descendant", "stranger"}:
        n = len(hosts(trace))
        fail(expected, say("tasks ran in {n} other processes", n=n), "process-not-thread")
    if not where:
        did_not_come_back(trace, expected) if MAIN not in arrivals(trace, RUN) else fail(expected, say("no task ran"))
    return say("the tasks ran in one process")


@check(
    "concurrent.together",
    points=2,
    needs=("concurrent.one-process",),
    requirement=say("all tasks of run_concurrent wait at the same time, however many they are"),
)
def concurrent_together(trace: Trace) -> Text:
    expected = say("{n} tasks wait at the same time", n=8)
    most = most_together(trace)
    if most < 8:
        fail(expected, say("never more than {n}", n=most), "one-after-another" if most == 1 else "too-few-threads")
    return say("{n} tasks were waiting for our word at the same time", n=most)


@check(
    "concurrent.results",
    case="concurrent.together",
    points=1,
    needs=("concurrent.together",),
    requirement=say("run_concurrent returns the results in the order of the tasks, whichever ended first"),
)
def concurrent_results(trace: Trace) -> Text:
    return results(trace, "run_concurrent")


@check(
    "concurrent.raises",
    points=0.5,
    severity=SHOULD,
    needs=("concurrent.results",),
    requirement=say("what a task raises, run_concurrent raises"),
)
def concurrent_raises(trace: Trace) -> Text:
    return raises(trace, "run_concurrent", same=True)
