"""The checks of run_parallel and run_concurrent."""

from __future__ import annotations

from grader.analysis.children import Call, all_collected, all_ended
from grader.analysis.lifecycle import most_at_once
from grader.checks import SHOULD, check, fail
from grader.model import Measured, Text, Trace, say

from .readings import due, hosts, in_other_processes, most_together, places, raises, ran, results

WORKERS = 3


def parallel(trace: Trace) -> Call:
    return Call(trace, "run_parallel")


def concurrent(trace: Trace) -> Call:
    return Call(trace, "run_concurrent")


# --- run_parallel -----------------------------------------------------------------------------------------------------


@check(
    "parallel.processes",
    case="parallel.bound",
    points=1,
    requirement=say("run_parallel runs the tasks in child processes"),
)
def parallel_processes(trace: Trace) -> Text:
    call, expected = parallel(trace), say("every task runs in a child process")
    ran(call, expected)
    in_other_processes(call, expected)
    return say("{n} tasks ran in child processes", n=len(places(call)))


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
    call = parallel(trace)
    most = most_at_once(hosts(call))
    if most > workers:
        fail(expected, say("{n} were alive at the same time", n=most), "unbounded")
    call.answer(expected)
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
    return results(parallel(trace))


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
    call = parallel(trace)
    all_ended(call, say("when it returns, no child is left, and no zombie"), "pool-left-open")
    return all_collected(call)


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
    return raises(parallel(trace), same=False)


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
    failed = next((o for o in parallel(trace).outcomes if o.raised), None)
    if failed and "pickle" in str(failed.text):
        fail(expected, failed.text, "unpicklable-target", failed.where)
    in_other_processes(parallel(trace), expected)
    return results(parallel(trace))


# --- run_concurrent ---------------------------------------------------------------------------------------------------


@check(
    "concurrent.one-process",
    case="concurrent.together",
    points=1,
    requirement=say("run_concurrent runs all tasks in one process"),
)
def concurrent_one_process(trace: Trace) -> Text:
    call, expected = concurrent(trace), say("all tasks run in the process that calls run_concurrent")
    ran(call, expected)
    if not set(places(call).values()) <= {"main", "thread"}:
        fail(expected, say("tasks ran in {n} other processes", n=len(hosts(call))), "process-not-thread")
    return say("the tasks ran in one process")


@check(
    "concurrent.together",
    points=2,
    needs=("concurrent.one-process",),
    requirement=say("all tasks of run_concurrent wait at the same time, however many they are"),
)
def concurrent_together(trace: Trace) -> Text:
    many = len(due(trace))
    expected = say("{n} tasks wait at the same time", n=many)
    most = most_together(trace)
    if most < many:
        fail(expected, say("never more than {n}", n=most), "one-after-another" if most == 1 else "too-few-threads")
    threads = trace.first(Measured, what=say("threads while they wait").template)
    if threads and threads.value < many:
        actual = say("it had {n} threads, too few to have called them all", n=int(threads.value))
        fail(expected, actual, "too-few-threads")
    return say("{n} tasks were waiting for our word at the same time", n=most)


@check(
    "concurrent.results",
    case="concurrent.together",
    points=1,
    needs=("concurrent.together",),
    requirement=say("run_concurrent returns the results in the order of the tasks, whichever ended first"),
)
def concurrent_results(trace: Trace) -> Text:
    return results(concurrent(trace))


@check(
    "concurrent.raises",
    points=0.5,
    severity=SHOULD,
    needs=("concurrent.results",),
    requirement=say("what a task raises, run_concurrent raises"),
)
def concurrent_raises(trace: Trace) -> Text:
    return raises(concurrent(trace), same=True)
