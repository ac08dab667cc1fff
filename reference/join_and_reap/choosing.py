"""The checks of run_first and run_with_deadline."""

from __future__ import annotations

from grader.analysis.children import (
    Call,
    all_collected,
    all_ended,
    code_of,
    ending,
    in_children,
    literal,
    only_asks,
    signals_from,
    terminated,
    together,
)
from grader.analysis.lifecycle import NEVER
from grader.checks import SHOULD, check, fail
from grader.model import Called, Raised, Released, Text, Trace, Value, say

ALL = ("one", "two", "three", "four")
OVER, SLACK = 0.6, 0.02  # seconds: the deadline that passes, and how much earlier is not early
SOON = 5.0  # seconds in which a process that ignores SIGTERM must be gone


def first(trace: Trace) -> Call:
    return Call(trace, "run_first")


@check(
    "first.index",
    points=1.5,
    requirement=say("run_first starts all at once and returns the index of the one that ends first"),
)
def first_index(trace: Trace) -> Text:
    return _index(first(trace), "waits-for-all")


def _index(call: Call, stuck: str) -> Text:
    together(call, ALL)
    value = call.answer(say("the index of the first to end"), stuck)
    let_go = _let_go(call)
    if let_go is None or call.over < let_go.at:
        actual = say("it returned {value} while all of them were running", value=value.shown)
        fail(say("the index of the first to end"), actual, "does-not-wait")
    due = ALL.index(let_go.job)
    expected = say("{index}, the index of the first to end", index=due)
    if literal(value) != due or value.kind != "int":
        fail(expected, say("it returned {value}", value=value.shown), _why_index(call, value, due))
    return expected


def _why_index(call: Call, value: Value, due: int) -> str | None:
    if value.kind != "int":
        return "returns-nothing" if value.kind == "none" else "no-index"
    got = literal(value)
    if got == due + 1:
        return "counts-from-one"
    if got in (call.jobs[name].pid for name in ALL):
        return "pid-not-index"
    ended_by_it = got in range(len(ALL)) and signals_from(call, call.life(ALL[got]))
    return "asks-after-ending-all" if ended_by_it else None


def _let_go(call: Call) -> Released | None:
    """The first of the jobs to be let go; it ended before all others."""
    return next((e for e in call.trace.of(Released) if e.job in ALL), None)


def _losers(call: Call) -> list[str]:
    winner = _let_go(call)
    return [name for name in ALL if winner is None or name != winner.job]


@check(
    "first.failed",
    points=0.5,
    needs=("first.index",),
    requirement=say("it counts also when the first to end has failed"),
)
def first_failed(trace: Trace) -> Text:
    return _index(first(trace), "waits-for-success")


@check(
    "first.ended",
    case="first.tidy",
    points=1.5,
    needs=("first.index",),
    requirement=say("the rest is terminated, and has ended when run_first returns"),
)
def first_ended(trace: Trace) -> Text:
    call = first(trace)
    expected = say("the other three get SIGTERM, and have ended when it returns")
    together(call, ALL)
    losers = _losers(call)
    call.answer(expected, None if any(call.life(name).struck for name in losers) else "waits-for-all")
    for name in losers:
        life = call.life(name)
        if not life.struck:
            actual = say("{name} was sent no signal; it {how}", name=name, how=ending(life))
            fail(expected, actual, "leaves-the-rest")
        terminated(call, life, expected)
    all_ended(call, expected, "terminated-not-joined")
    return say("{n} processes were sent SIGTERM and had ended", n=len(losers))


@check(
    "first.reaped",
    case="first.index",
    points=1,
    needs=("first.index",),
    requirement=say("run_first leaves no child and no zombie"),
)
def first_reaped(trace: Trace) -> Text:
    call = first(trace)
    alive = [life.pid for life in call.record.alive(call.over)]
    if alive:
        code = "terminated-not-joined" if any(call.life(name).struck for name in _losers(call)) else "leaves-the-rest"
        pids = ", ".join(map(str, alive))
        fail(say("when it returns, no child is left"), say("process {pid} was still running", pid=pids), code)
    losers = [call.life(name) for name in _losers(call)]
    return all_collected(call, "terminated-not-joined" if any(x.zombie(call.over) for x in losers) else "zombie")


@check(
    "first.stubborn",
    points=0.5,
    severity=SHOULD,
    needs=("first.reaped",),
    requirement=say("one that ignores SIGTERM is killed within 5 seconds"),
)
def first_stubborn(trace: Trace) -> Text:
    return _killed(first(trace))


def _killed(call: Call) -> Text:
    """The stubborn process "one" is gone when the call returns."""
    expected = say("SIGTERM first, then SIGKILL within 5 seconds")
    only_asks(call, "one", expected)
    call.answer(expected, "waits-for-ever")
    life = call.life("one")
    if not life.died < call.over:
        fail(expected, say("it returned and the process was still running"), "never-killed")
    terminated(call, life, expected)
    seconds = life.died - life.struck[0].at
    if seconds > SOON:
        fail(expected, say("it took {n} s", n=round(seconds, 1)))
    all_collected(call)
    return Text("{signals}", {"signals": ", ".join(k.signal for k in signals_from(call, life))})


# --- run_with_deadline ------------------------------------------------------------------------------------------------


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
    due = code_of(call.life("one"))
    expected = say("{code}, the exit code, long before the deadline", code=due)
    if literal(value) != due or value.kind != "int":
        codes = {"None": "code-or-none" if due == 0 else "returns-nothing", "True": "bools-not-codes"}
        fail(expected, say("it returned {value}", value=value.shown), codes.get(value.shown))
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
    "deadline.over",
    points=1.5,
    needs=("deadline.in-time",),
    requirement=say("when the time is over run_with_deadline returns None"),
)
def deadline_over(trace: Trace) -> Text:
    call, expected = deadline(trace), say("None, for the job does not end in {n} s", n=OVER)
    if call.outcomes and (raised := call.outcomes[0].raised):
        fail(expected, call.outcomes[0].text, _why_raised(raised), call.outcomes[0].where)
    value = call.answer(expected, "waits-for-ever" if _struck(call) else "no-deadline")
    if value.shown != "None":
        fail(expected, say("it returned {value}", value=value.shown), "code-of-terminated")
    return Text("None")


def _why_raised(raised: Raised) -> str | None:
    if raised.error.startswith("Timeout"):
        return "raises-not-none"
    return "terminated-not-joined" if "still running" in raised.message else None  # as Process.close says it


def _struck(call: Call) -> bool:
    return any(life.struck for life in call.record.children)


@check(
    "deadline.waits",
    case="deadline.over",
    points=0.5,
    needs=("deadline.over",),
    requirement=say("the job has its time: it is not terminated before"),
)
def deadline_waits(trace: Trace) -> Text:
    call = deadline(trace)
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
    return _killed(deadline(trace))
