"""The two functions for one user: what they return, and what the file says afterwards."""

from __future__ import annotations

from typing import NoReturn

from grader.analysis.outcomes import Outcome, outcomes, standstill
from grader.checks import BONUS, Unclear, check, fail
from grader.model import Kept, Scheduled, Step, Text, Trace, say
from grader.wire.payload import value_of

from .readings import PATH, count_of, must_be_followed

SEARCH, BUY = "search_ticket", "buy_ticket"
CALLS = (SEARCH, SEARCH, BUY, SEARCH, BUY, BUY, BUY, SEARCH)
ANSWERS = (2, 2, True, 1, True, False, False, 0)


def answer(trace: Trace, i: int) -> Outcome:
    """What call i returned; FAIL where it never did."""
    got = outcomes(trace, "a")
    if i >= len(got):
        no_answer(trace, i, got)
    return got[i]


def no_answer(trace: Trace, i: int, got: tuple[Outcome, ...]) -> NoReturn:
    still = standstill(trace, "a")
    expected = say("call {n}, {function}, returns {value}", n=i + 1, function=CALLS[i], value=repr(ANSWERS[i]))
    before = got[-1] if got else None
    kept = still.quiet and CALLS[i] == BUY and BUY in CALLS[:i] and before is not None and before.raised is None
    fail(expected, still.text, "release-missing" if kept else None, still.where)


def must_answer(trace: Trace, *calls: int) -> None:
    for i in calls:
        got, wanted = answer(trace, i), value_of(ANSWERS[i])
        if got.value is None or not got.value.same(wanted):
            expected = say("call {n}, {function}, returns {value}", n=i + 1, function=CALLS[i], value=repr(ANSWERS[i]))
            fail(expected, got.text, why_other(got, i), got.where)


def why_other(got: Outcome, i: int) -> str | None:
    if got.raised and "released too many times" in got.raised.message:
        return "released-twice"
    return "sold-out-sold" if sold_out_sold(got, i) else None


def sold_out_sold(got: Outcome, i: int) -> bool:
    return ANSWERS[i] is False and got.value is not None and got.value.same(value_of(True))


@check(
    "search.count",
    points=1,
    case="buy.alone",
    requirement=say("search_ticket returns how many tickets are left, and changes nothing"),
)
def search_count(trace: Trace) -> Text:
    must_answer(trace, 0, 1)
    return say("it returned {n}", n=2)


@check(
    "buy.takes-one",
    points=1,
    case="buy.alone",
    requirement=say("buy_ticket takes one ticket and returns True"),
    needs=("search.count",),
)
def buy_takes_one(trace: Trace) -> Text:
    must_answer(trace, 2, 3, 4)
    return say("two tickets were bought, and the count went down by one each time")


@check(
    "buy.sold-out",
    points=1,
    case="buy.alone",
    requirement=say("where no ticket is left, buy_ticket returns False, changes nothing, and gives the lock back"),
    needs=("buy.takes-one",),
)
def buy_sold_out(trace: Trace) -> Text:
    must_answer(trace, 5, 6, 7)
    kept = trace.last(Kept, run="a", name=PATH)
    if count_of(kept) != 0:
        text = kept.text[:60] if kept else ""
        fail(say("the file says that 0 tickets are left"), say("the file holds {text}", text=repr(text)))
    return say("it returned False twice, and the count stayed 0")


@check(
    "buy.atomic",
    points=1,
    severity=BONUS,
    requirement=say("a buyer that is killed at any moment leaves the old count or the new one, never half a file"),
    needs=("buy.takes-one",),
)
def buy_atomic(trace: Trace) -> Text:
    must_be_followed(trace)
    runs = trace.of(Scheduled)
    for s in runs:
        kept = trace.last(Kept, run=s.run, name=PATH)
        if kept is None:
            raise Unclear(say("what was left of the file is not known"))
        if count_of(kept) not in (1, 2):
            last = [step.where for step in trace.of(Step, run=s.run, task="1") if step.where]
            expected = say("a count of 2 or 1")
            actual = say("killed after {n} steps, it left {text}", n=len(last), text=repr(kept.text[:60]))
            fail(expected, actual, "writes-in-place", last[-1] if last else None)
    if not any(count_of(trace.last(Kept, run=s.run, name=PATH)) == 1 for s in runs):
        raise Unclear(say("the buyer was never seen to have bought"))
    return say("killed after each of {n} steps, it left 2 or 1 every time", n=len(runs) - 1)
