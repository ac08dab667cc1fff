"""The checks of run_first."""

from __future__ import annotations

from grader.analysis.children import (
    Call,
    all_collected,
    all_ended,
    ending,
    literal,
    together,
)
from grader.analysis.stopping import killed, signals_from, terminated
from grader.checks import SHOULD, check, fail
from grader.model import Released, Text, Trace, Value, say

ALL = ("one", "two", "three", "four")


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
        told = [k for name in _losers(call) for k in call.life(name).struck if k.at < call.over]
        code = "terminated-not-joined" if told else "leaves-the-rest"
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
    return killed(first(trace), "one")
