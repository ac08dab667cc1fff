"""The checks of start_all."""

from __future__ import annotations

from collections import Counter

from grader.analysis.children import Call, keeps_nothing, nothing, returned_meanwhile, together
from grader.checks import SHOULD, check, fail
from grader.model import Arrived, Text, Trace, say

THREE = ("('a',)", "('b',)", "('c',)")
TUPLES = ("('abc',)", "('x', 2)", "()", "(['one', 'list'],)", "(None,)")


def started(trace: Trace) -> Call:
    return Call(trace, "start_all")


@check(
    "start.all",
    points=2,
    requirement=say("start_all starts one process per argument tuple, and all of them run at the same time"),
)
def start_all(trace: Trace) -> Text:
    _right_arguments(started(trace), THREE)
    return together(started(trace), THREE)


def _right_arguments(call: Call, names: tuple[str, ...]) -> None:
    """Where a job is missing: it was not called with something else, or in a way that cannot be."""
    missing = [name for name in names if name not in call.jobs]
    others = [name for name in call.jobs if name not in names and not name.startswith("main")]
    for name in missing:
        expected = say("the target is called with {args}", args=name)
        if others:
            fail(expected, say("the target was called with {args}", args=others[0]), "args-not-a-tuple")
        came = Counter(job.job for job in call.trace.of(Arrived, run=call.run) if job.job in names)
        if came and (often := came.most_common(1)[0])[1] > 1:
            actual = say("the target was called {n} times with {args}", n=often[1], args=often[0])
            fail(expected, actual, "same-arguments")
        failed = next((o for o in call.outcomes if o.is_a("TypeError") and "iterable" in str(o.text)), None)
        if failed:
            fail(expected, failed.text, "args-not-a-tuple", failed.where)


@check(
    "start.returns",
    case="start.all",
    points=1,
    needs=("start.all",),
    requirement=say("start_all returns at once, while the processes are still running"),
)
def start_returns(trace: Trace) -> Text:
    return returned_meanwhile(started(trace), THREE)


@check(
    "start.list",
    case="start.all",
    points=1,
    needs=("start.returns",),
    requirement=say("start_all returns the processes, in the order of the arguments"),
)
def start_list(trace: Trace) -> Text:
    call, expected = started(trace), say("a list of three processes")
    value = call.answer(expected)
    if value.kind != "list":
        fail(expected, say("it returned {value}", value=value.shown), "returns-no-list")
    pids = [call.jobs[name].pid for name in THREE]
    told = call.jobs["main"].args[0] if call.jobs["main"].args else ""
    if "None" in told:
        fail(expected, say("it returned {value}", value=value.shown), "no-processes")
    if told != repr(pids):
        expected = say("the processes with the numbers {pids}", pids=", ".join(map(str, pids)))
        fail(expected, say("those with the numbers {pids}", pids=told.strip("[]")), "returns-others")
    keeps_nothing(trace)
    return say("the three processes, in order")


@check(
    "start.args",
    points=1,
    needs=("start.all",),
    requirement=say("each process gets its own arguments, also a single string or none at all"),
)
def start_args(trace: Trace) -> Text:
    call = started(trace)
    _right_arguments(call, TUPLES)
    together(call, TUPLES)
    return say("{n} argument tuples reached their targets", n=len(TUPLES))


@check(
    "start.none",
    points=0.5,
    severity=SHOULD,
    needs=("start.all",),
    requirement=say("an empty list of arguments starts nothing and returns an empty list"),
)
def start_none(trace: Trace) -> Text:
    return nothing(started(trace))


@check(
    "start.spawn",
    points=0.5,
    severity=SHOULD,
    needs=("start.all",),
    requirement=say("start_all works as well where processes are spawned, as on Windows and macOS"),
)
def start_spawn(trace: Trace) -> Text:
    _right_arguments(started(trace), THREE[:2])
    return together(started(trace), THREE[:2])
