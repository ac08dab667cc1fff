"""The checks of run_with_deadline, and of spawned processes in all functions but run_all."""

from __future__ import annotations

from grader.analysis.children import (
    Call,
    all_collected,
    all_ended,
    code_of,
    ending,
    in_children,
    literal,
    together,
)
from grader.analysis.lifecycle import NEVER
from grader.analysis.stopping import killed, terminated
from grader.checks import SHOULD, check, fail
from grader.model import Called, Marked, Raised, Text, Trace, say

from .waiting import due_code

TOO_LATE = "its time was over long ago"  # label of a mark
OVER, SLACK = 0.6, 0.02  # seconds: the deadline that passes, and how much earlier is not early
OTHERS = {"run_in_order": "one", "run_first": "two", "run_with_deadline": "three", "main_ends_first": "four"}


def deadline(trace: Trace) -> Call:
    return Call(trace, "run_with_deadline")


@check(
    "deadline.in-time",
    points=1,
    requirement=say("run_with_deadline returns the exit code as soon as the job has ended"),
)
def deadline_in_time(trace: Trace) -> Text:
    return _code(deadline(trace))


def _code(call: Call) -> Text:
    expected = say("the exit code, long before the deadline")
    in_children(call, expected, ("one",))
    if not call.outcomes and "one" in call.jobs and call.life("one").died < NEVER:
        call.did_not_return(expected, "sleeps-to-the-deadline")
    value = call.answer(expected)
    if "one" not in call.jobs:
        fail(expected, say("no process was started"), "run-not-start")
    due = due_code(call, "one")
    expected = say("{code}, the exit code, long before the deadline", code=due)
    if literal(value) != due or value.kind != "int":
        why = "code-or-none" if due == 0 else "taken-for-late" if due and due < 0 else "returns-nothing"
        codes = {"None": why, "True": "bools-not-codes"}
        lost = literal(value) == code_of(call.life("one")) != due
        fail(
            expected,
            say("it returned {value}", value=value.shown),
            "end-of-job-lost" if lost else codes.get(value.shown),
        )
    return say("it returned {value}", value=value.shown)


@check(
    "deadline.zero",
    points=0.5,
    needs=("deadline.in-time",),
    requirement=say("exit code 0 is returned as 0 and not as None"),
)
def deadline_zero(trace: Trace) -> Text:
    return _code(deadline(trace))


@check(
    "deadline.signal",
    points=0.5,
    severity=SHOULD,
    needs=("deadline.in-time",),
    requirement=say("a job that a signal has ended in time was not too late: its exit code is returned"),
)
def deadline_signal(trace: Trace) -> Text:
    return _code(deadline(trace))


@check(
    "deadline.over",
    points=1.5,
    needs=("deadline.in-time",),
    requirement=say("when the time is over run_with_deadline returns None"),
)
def deadline_over(trace: Trace) -> Text:
    call, expected = deadline(trace), say("None, for the job does not end in {n} s", n=OVER)
    if call.outcomes and (raised := call.outcomes[0].raised):
        fail(expected, call.outcomes[0].text, _why_raised(raised), call.outcomes[0].where)
    told = any(life.struck for life in call.record.children)
    value = call.answer(expected, "waits-for-ever" if told else "no-deadline")
    if value.shown != "None":
        code = "code-of-terminated" if value.shown in ("-15", "-9") else None
        fail(expected, say("it returned {value}", value=value.shown), code)
    return Text("None")


def _why_raised(raised: Raised) -> str | None:
    if raised.error.startswith("Timeout"):
        return "raises-not-none"
    return "terminated-not-joined" if "still running" in raised.message else None  # as Process.close says it


def _struck(call: Call) -> bool:
    return any(k.at < call.over for life in call.record.children for k in life.struck)


@check(
    "deadline.waits",
    case="deadline.over",
    points=0.5,
    needs=("deadline.over",),
    requirement=say("the job has its time, and no more: it is not terminated before, and not long after"),
)
def deadline_waits(trace: Trace) -> Text:
    call = deadline(trace)
    if trace.first(Marked, label=TOO_LATE):
        fail(say("{n} s for the job", n=OVER), say("long after that nobody had told it to end"), "other-deadline")
    called = trace.first(Called, run=call.run, name=call.name)
    began = called.at if called else 0.0
    ended = min((k.at for life in call.record.children for k in life.struck), default=call.over)
    if ended - began < OVER - SLACK:
        actual = say("after {n} s its time was over", n=round(ended - began, 3))
        fail(say("{n} s for the job", n=OVER), actual, "does-not-wait")
    return say("it had {n} s", n=round(ended - began, 2))


@check(
    "deadline.ended",
    case="deadline.over",
    points=1,
    needs=("deadline.over",),
    requirement=say("the job that took too long is terminated, and has ended when run_with_deadline returns"),
)
def deadline_ended(trace: Trace) -> Text:
    call, expected = deadline(trace), say("it gets SIGTERM, and has ended when the call returns")
    life = call.life("one")
    if not life.struck:
        fail(expected, say("it was sent no signal; it {how}", how=ending(life)), "leaves-it-running")
    said = terminated(call, life, expected)
    all_ended(call, expected, "terminated-not-joined")
    return said


@check(
    "deadline.reaped",
    case="deadline.over",
    points=1,
    needs=("deadline.over",),
    requirement=say("run_with_deadline leaves no zombie"),
)
def deadline_reaped(trace: Trace) -> Text:
    call, expected = deadline(trace), say("when it returns, no child is left, and no zombie")
    code = "terminated-not-joined" if _struck(call) else "leaves-it-running"
    all_ended(call, expected, code)
    return all_collected(call, code)


@check(
    "deadline.stubborn",
    points=0.5,
    severity=SHOULD,
    needs=("deadline.ended",),
    requirement=say("a job that ignores SIGTERM is killed within 5 seconds"),
)
def deadline_stubborn(trace: Trace) -> Text:
    return killed(deadline(trace), "one")


# --- spawning ---------------------------------------------------------------------------------------------------------


@check(
    "rest.spawn",
    points=0.5,
    severity=SHOULD,
    needs=("order.turns", "first.index", "deadline.in-time", "last.returns"),
    requirement=say("the other four functions work as well where processes are spawned"),
)
def rest_spawn(trace: Trace) -> Text:
    for function, name in OTHERS.items():
        call = Call(trace, function)
        together(call, (name,))
        call.answer(say("{function} comes back", function=function))
    return say("{n} functions have started their processes", n=len(OTHERS))
