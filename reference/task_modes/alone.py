"""The checks of run_sync and run_async, of empty lists, and of what the module does at import."""

from __future__ import annotations

from grader.analysis import children
from grader.analysis.children import Call
from grader.checks import SHOULD, check, fail
from grader.model import Text, Trace, say

from .readings import MAIN, due, raises, results, together

TASKS = ("task 1", "task 2", "task 3", "task 4")

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
    Call(trace, "run_sync").answer(expected)
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
    return results(Call(trace, "run_sync"))


@check(
    "sync.raises",
    points=0.5,
    severity=SHOULD,
    needs=("sync.results",),
    requirement=say("what a task raises, run_sync raises"),
)
def sync_raises(trace: Trace) -> Text:
    return raises(Call(trace, "run_sync"), same=True)


# --- run_async --------------------------------------------------------------------------------------------------------


@check(
    "async.processes",
    case="async.returns",
    points=1.5,
    requirement=say("run_async starts one child process per task, all at the same time"),
)
def async_processes(trace: Trace) -> Text:
    return children.together(Call(trace, "run_async"), TASKS)


@check(
    "async.returns",
    points=1.5,
    needs=("async.processes",),
    requirement=say("run_async returns at once, while all tasks are still running"),
)
def async_returns(trace: Trace) -> Text:
    return children.returned_meanwhile(Call(trace, "run_async"), TASKS)


@check(
    "async.list",
    case="async.returns",
    points=1,
    needs=("async.returns",),
    requirement=say("run_async returns the processes, in the order of the tasks"),
)
def async_list(trace: Trace) -> Text:
    call, expected = Call(trace, "run_async"), say("a list of the processes that run the tasks, in order")
    value = call.answer(expected)
    if value.kind != "list":
        fail(expected, say("it returned {value}", value=value.shown), "returns-no-list")
    told = call.jobs[MAIN].args[0] if call.jobs[MAIN].args else ""
    if told != repr([call.jobs[name].pid for name in TASKS]):
        fail(expected, say("those with the numbers {pids}", pids=told.strip("[]")), "returns-others")
    return say("the processes with the numbers {pids}", pids=told.strip("[]"))


# --- all of them ------------------------------------------------------------------------------------------------------


@check(
    "none", points=0.5, severity=SHOULD, requirement=say("no tasks: every function returns [] and starts no process")
)
def none(trace: Trace) -> Text:
    for function in ("run_sync", "run_async", "run_parallel", "run_concurrent"):
        call, expected = Call(trace, function), say("{function} returns [] for no tasks", function=function)
        if call.outcomes and call.outcomes[0].raised:
            fail(expected, call.outcomes[0].text, "no-tasks-no-workers", call.outcomes[0].where)
        value = call.answer(expected)
        if (value.kind, value.size) != ("list", 0):
            code = "returns-nothing" if value.kind == "none" else "returns-no-list"
            fail(expected, say("it returned {value}", value=value.shown), code)
        if call.record.lives:
            fail(say("no process"), say("{n} were started", n=len(call.record.lives)), "nothing-to-do-fails")
    return say("[], and no process")


@check(
    "import.quiet",
    points=1,
    needs=("async.processes",),
    requirement=say("importing the module starts no process"),
)
def import_quiet(trace: Trace) -> Text:
    return children.nothing_at_import(trace)
