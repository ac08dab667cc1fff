"""The checks of run_sync and run_async, of empty lists, and of what the module does at import."""

from __future__ import annotations

from grader.analysis.lifecycle import arrivals, record, stands
from grader.analysis.outcomes import outcomes_of
from grader.checks import SHOULD, check, fail
from grader.model import Returned, Text, Trace, say

from .readings import MAIN, RUN, call_of, did_not_come_back, due, places, raises, recorded, results, together

# --- run_sync ---------------------------------------------------------------------------------------------------------


@check("sync.order", points=1.5, requirement=say("run_sync begins a task only when the one before has ended, in order"))
def sync_order(trace: Trace) -> Text:
    names = list(due(trace))
    expected = say("{n} tasks, one after another", n=len(names))
    for waiting in together(trace):
        if len(waiting) > 1:
            actual = say("{new} began while {old} was still running", new=waiting[-1], old=waiting[0])
            fail(expected, actual, "overlaps")
    came = [waiting[-1] for waiting in together(trace)]
    call_of(trace, "run_sync", expected)
    if came != names:
        fail(expected, say("they ran in this order: {names}", names=", ".join(came)), "wrong-order")
    return say("each of {n} tasks began when the one before had ended", n=len(names))


@check(
    "sync.results",
    case="sync.order",
    points=1,
    needs=("sync.order",),
    requirement=say("run_sync returns the results in order"),
)
def sync_results(trace: Trace) -> Text:
    return results(trace, "run_sync")


@check(
    "sync.raises",
    points=0.5,
    severity=SHOULD,
    needs=("sync.results",),
    requirement=say("what a task raises, run_sync raises"),
)
def sync_raises(trace: Trace) -> Text:
    return raises(trace, "run_sync", same=True)


# --- run_async --------------------------------------------------------------------------------------------------------


@check(
    "async.processes",
    case="async.returns",
    points=1.5,
    requirement=say("run_async starts one child process per task, all at the same time"),
)
def async_processes(trace: Trace) -> Text:
    names, where = list(due(trace)) or [f"task {i}" for i in range(1, 5)], places(trace)
    expected = say("{n} child processes, alive at the same time", n=len(names))
    for code, seen, said in (
        ("run-not-start", "main", say("a task ran in the main process")),
        ("thread-not-process", "thread", say("a task ran in a thread of the main process")),
        ("not-direct", "descendant", say("a task ran in a process that one of your child processes started")),
    ):
        if seen in where.values():
            fail(expected, said, code)
    if len(where) < len(names):
        returned = bool(outcomes_of(trace, RUN, "run_async"))
        still = stands(trace, RUN)
        actual = say("it returned, and {n} had been started", n=len(where)) if returned else still.text
        fail(
            expected, actual, None if returned else "join-in-start-loop" if where and still.quiet else None, still.where
        )
    pids = {e.pid for job, e in arrivals(trace, RUN).items() if job != MAIN}
    if len(pids) < len(names):
        fail(expected, say("{n} processes ran {all} tasks", n=len(pids), all=len(names)), "one-process-for-all")
    return say("{n} children were alive together, each waiting for our word", n=len(names))


@check(
    "async.returns",
    points=1.5,
    needs=("async.processes",),
    requirement=say("run_async returns at once, while all tasks are still running"),
)
def async_returns(trace: Trace) -> Text:
    expected = say("it returns while all tasks are running")
    if MAIN not in arrivals(trace, RUN):
        did_not_come_back(trace, expected, "waits-for-children")
    returned = next((e.at for e in trace.of(Returned, run=RUN)), 0.0)
    ended = [life for life in recorded(trace).children if life.died < returned]
    if ended:
        fail(expected, say("{n} had ended before it returned", n=len(ended)), "ended-before-return")
    return say("it returned while all tasks were waiting for our word")


@check(
    "async.list",
    case="async.returns",
    points=1,
    needs=("async.returns",),
    requirement=say("run_async returns the processes, in the order of the tasks"),
)
def async_list(trace: Trace) -> Text:
    came = arrivals(trace, RUN)
    pids = [came[name].pid for name in came if name != MAIN]
    expected = say("a list of the processes that run the tasks, in order")
    outcome = call_of(trace, "run_async", expected)
    if outcome.value is None or outcome.value.kind != "list":
        fail(expected, outcome.text, "returns-no-list", outcome.where)
    told = came[MAIN].args[0] if came[MAIN].args else ""
    if told != repr([came[f"task {i}"].pid for i in range(1, len(pids) + 1)]):
        fail(expected, say("those with the numbers {pids}", pids=told.strip("[]")), "returns-others")
    return say("the processes with the numbers {pids}", pids=told.strip("[]"))


# --- all of them ------------------------------------------------------------------------------------------------------


@check(
    "none", points=0.5, severity=SHOULD, requirement=say("no tasks: every function returns [] and starts no process")
)
def none(trace: Trace) -> Text:
    for function in ("run_sync", "run_async", "run_parallel", "run_concurrent"):
        expected = say("{function} returns [] for no tasks", function=function)
        outcome = call_of(trace, function, expected)
        if outcome.value is None or (outcome.value.kind, outcome.value.size) != ("list", 0):
            code = "no-tasks-no-workers" if outcome.raised else None
            fail(expected, outcome.text, code, outcome.where)
    started = recorded(trace).lives
    if started:
        fail(say("no process"), say("{n} were started", n=len(started)))
    return say("[], and no process")


@check("import.quiet", points=1, needs=("async.processes",), requirement=say("importing the module starts no process"))
def import_quiet(trace: Trace) -> Text:
    expected = say("no process is started before a function is called")
    started = record(trace, RUN).lives
    if started:
        actual = say("{n} processes were started while the module was imported", n=len(started))
        fail(expected, actual, "works-at-import")
    if MAIN not in arrivals(trace, RUN):
        did_not_come_back(trace, expected)
    return say("nothing was started")
