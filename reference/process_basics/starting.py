"""The checks of start_all."""

from __future__ import annotations

from typing import NoReturn

from grader.analysis.lifecycle import arrivals, place, stands
from grader.checks import SHOULD, check, fail
from grader.model import Arrived, Text, Trace, say

from .readings import RUN, answer, did_not_come_back, outcomes_of, over_at, recorded

THREE = ("('a',)", "('b',)", "('c',)")
TUPLES = ("('abc',)", "('x', 2)", "()", "(['one', 'list'],)", "(None,)")


@check(
    "start.all",
    points=2,
    requirement=say("start_all starts one process per argument tuple, and all of them run at the same time"),
)
def start_all(trace: Trace) -> Text:
    return _all_together(trace, THREE)


def _all_together(trace: Trace, names: tuple[str, ...]) -> Text:
    expected = say("{n} child processes, alive at the same time", n=len(names))
    found, came = recorded(trace), arrivals(trace, RUN)
    jobs = [came[name] for name in names if name in came]
    for job in jobs:
        _in_a_child(expected, place(found, job))
    if len(jobs) < len(names):
        _too_few(trace, expected, jobs, [n for n in came if n not in names and n != "main"])
    pids = {job.pid for job in jobs}
    if len(pids) < len(names):
        fail(expected, say("several jobs ran in one process"), "one-process-for-all")
    return say("{n} children of one parent were alive together, each waiting for our word", n=len(names))


def _in_a_child(expected: Text, where: str) -> None:
    if where == "main":
        fail(expected, say("the target was called by the main process itself"), "run-not-start")
    if where == "thread":
        fail(expected, say("the target ran in a thread of the main process"), "thread-not-process")
    if where == "descendant":
        fail(expected, say("the target ran in a process that one of your child processes started"), "not-direct")


def _too_few(trace: Trace, expected: Text, jobs: list[Arrived], others: list[str]) -> NoReturn:
    """Not all jobs called, and those that did are still waiting."""
    raised = next((o for o in outcomes_of(trace, RUN, "start_all") if o.raised), None)
    if raised:
        fail(expected, raised.text, "args-not-a-tuple" if raised.is_a("TypeError") else None, raised.where)
    if others:
        fail(expected, say("the target was called with {args}", args=others[0]), "args-not-a-tuple")
    if outcomes_of(trace, RUN, "start_all"):
        fail(expected, say("it returned, and {n} had been started", n=len(jobs)), "starts-too-few")
    still, n = stands(trace, RUN), len(jobs)
    actual = say("only {n} was started while that one was running; {how}", n=n, how=still.text) if n else still.text
    fail(expected, actual, "join-in-start-loop" if n and still.quiet else None, still.where)


@check(
    "start.returns",
    case="start.all",
    points=1,
    needs=("start.all",),
    requirement=say("start_all returns at once, while the processes are still running"),
)
def start_returns(trace: Trace) -> Text:
    expected = say("it returns while all three are running")
    if "main" not in arrivals(trace, RUN):
        did_not_come_back(trace, expected, "waits-for-children")
    at, found = over_at(trace, "start_all"), recorded(trace)
    ended = [life for life in found.children if life.died < at]
    if ended:
        fail(expected, say("{n} had ended before it returned", n=len(ended)), "ended-before-return")
    return say("it returned while all three were waiting for our word")


@check(
    "start.list",
    case="start.all",
    points=1,
    needs=("start.returns",),
    requirement=say("start_all returns the processes, in the order of the arguments"),
)
def start_list(trace: Trace) -> Text:
    value = answer(trace, "start_all", say("a list of three processes")).value
    came = arrivals(trace, RUN)
    pids = [came[name].pid for name in THREE]
    told = came["main"].args[0] if came["main"].args else ""
    if value is None or value.kind != "list":
        shown = value.shown if value else ""
        fail(say("a list of three processes"), say("it returned {value}", value=shown), "returns-no-list")
    if told != repr(pids):
        expected = say("the processes with the numbers {pids}", pids=", ".join(map(str, pids)))
        fail(expected, say("those with the numbers {pids}", pids=told.strip("[]")), "returns-others")
    return say("the three processes, in order")


@check(
    "start.args",
    points=1,
    needs=("start.all",),
    requirement=say("each process gets its own arguments, also a single string or none at all"),
)
def start_args(trace: Trace) -> Text:
    came = arrivals(trace, RUN)
    wrong = [name for name in came if name not in (*TUPLES, "main")]
    missing = [name for name in TUPLES if name not in came]
    if missing:
        expected = say("the target is called with {args}", args=missing[0])
        if wrong:
            fail(expected, say("the target was called with {args}", args=wrong[0]), "args-not-a-tuple")
        raised = next((o for o in outcomes_of(trace, RUN, "start_all") if o.raised), None)
        if raised:
            fail(expected, raised.text, "args-not-a-tuple", raised.where)
        fail(expected, say("it was not called with them"), None, stands(trace, RUN).where)
    return say("{n} argument tuples reached their targets", n=len(TUPLES))


@check(
    "start.none",
    points=0.5,
    severity=SHOULD,
    needs=("start.all",),
    requirement=say("an empty list of arguments starts nothing and returns an empty list"),
)
def start_none(trace: Trace) -> Text:
    value = answer(trace, "start_all", Text("[]")).value
    if value is None or (value.kind, value.size) != ("list", 0):
        fail(Text("[]"), say("it returned {value}", value=value.shown if value else ""))
    started = recorded(trace).lives
    if started:
        fail(say("no process"), say("{n} were started", n=len(started)))
    return say("[], and no process")


@check(
    "start.spawn",
    points=0.5,
    severity=SHOULD,
    needs=("start.all",),
    requirement=say("start_all works as well where processes are spawned, as on Windows and macOS"),
)
def start_spawn(trace: Trace) -> Text:
    raised = next((o for o in outcomes_of(trace, RUN, "start_all") if o.raised), None)
    if raised:
        expected = say("{n} child processes, alive at the same time", n=2)
        pickled = "pickle" in str(raised.text)
        fail(expected, raised.text, "unpicklable-target" if pickled else None, raised.where)
    return _all_together(trace, THREE[:2])
