"""The lock itself: one for all, given back on every way out, held for no more than it has to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.analysis.interleaving import accesses_of
from grader.analysis.outcomes import outcomes
from grader.checks import SHOULD, Unclear, check, fail
from grader.model import Given, Kept, Returned, Scheduled, Step, Text, Trace, say

from .readings import PATH, Sale, count_of, must_be_followed, sales
from .reasons import must_end, why_left, why_lost, why_outside, why_unlocked
from .sales import must_balance_unwatched

TWICE = 2  # whoever waits for a section waits at more than one of its steps


@dataclass(frozen=True, slots=True)
class Hold:
    """A run in which `first` was held after `path`, its steps so far, while `second` went on as far as it could."""

    run: str
    first: str
    second: str
    path: tuple[Step, ...]
    waited: bool
    blocked: bool


def holds(trace: Trace) -> Iterator[Hold]:
    for s in trace.of(Scheduled):
        steps = trace.of(Step, run=s.run)
        words = s.plan.split()
        if words[1:4] != ["is", "held", "after"]:
            continue
        first, second = words[0], words[7]
        turn = next((i for i, x in enumerate(steps) if x.task == second), len(steps))
        again = next((i for i in range(turn, len(steps)) if steps[i].task == first), None)
        path = tuple(x for x in steps[:turn] if x.task == first)
        if again is None:
            yield Hold(s.run, first, second, path, waited=False, blocked=False)
            continue
        blocked = second in steps[again].blocked
        waited = any(x.task == second and x.where for x in steps[again:])  # a pool's worker may also be idle
        yield Hold(s.run, first, second, path, waited, blocked)


@check(
    "lock.one",
    points=2,
    requirement=say("all users share one lock: while one buys, the others cannot"),
    needs=("sale.sells",),
)
def lock_one(trace: Trace) -> Text:
    must_end(trace)
    must_be_followed(trace)
    found = list(holds(trace))
    if not found:
        raise Unclear(say("there were no two users to be seen"))
    if sum(h.waited for h in found) < TWICE:
        told = [a for h in found for a in accesses_of(trace, h.run)]
        last = next(sale for sale in sales(trace) if sale.run == found[-1].run)
        code = why_lost(trace, last.run)[0] or why_left(told) or why_outside(accesses_of(trace, last.run))
        expected = say("while one user is held in the middle of buying, another one waits")
        actual = say("one was held after each of its {n} steps, and every time the other went through", n=len(found))
        fail(expected, actual, code)
    accesses = [a for h in found for a in accesses_of(trace, h.run)]
    must_balance_unwatched(trace, why_unlocked(accesses), oversold)
    waited = sum(h.waited for h in found)
    return say("held after {n} of {all} steps, one user keeps the other waiting", n=waited, all=len(found))


def oversold(sale: Sale) -> bool:
    """Two sold the same ticket, or left half a file: nothing kept them apart. A lost name is another matter."""
    return sale.left is None or len(set(sale.winners or ())) > sale.tickets - sale.left


@check(
    "lock.release-on-error",
    points=1,
    requirement=say(
        "the lock is given back also when a buyer fails: the others go on, and the files stay as they were"
    ),
    needs=("sale.no-oversell",),
)
def lock_release_on_error(trace: Trace) -> Text:
    must_end(trace)
    must_be_followed(trace)
    for s in trace.of(Scheduled):
        good = [e for e in trace.of(Returned, run=s.run) if e.value.kind == "bool" and e.value.shown == "True"]
        kept = {k.name: k for k in trace.of(Kept, run=s.run)}
        if PATH in kept and count_of(kept[PATH]) != 3 - len(good):
            seen = say("{n} bought, and the file says {left}", n=len(good), left=repr(kept[PATH].text[:60]))
            fail(say("those whose file is in order buy a ticket each"), seen)
        broken, before = kept.get("broken.json"), trace.first(Given, run=s.run, name="broken.json")
        if broken and before and broken.text != before.text:
            fail(say("a file that holds no count stays as it was"), say("it holds {text}", text=repr(broken.text[:60])))
    return say("in {n} schedules with a missing or broken file, the others went on", n=len(trace.of(Scheduled)))


@check(
    "search.free",
    points=1,
    requirement=say("a search never waits for a buyer: it is answered while one is in the middle of buying"),
    needs=("search.count", "buy.takes-one"),
)
def search_free(trace: Trace) -> Text:
    must_end(trace)
    must_be_followed(trace)
    found = list(holds(trace))
    waits = [h for h in found if h.blocked]
    for h in waits[-1:] if len(waits) >= TWICE else ():
        where = [x.where for x in trace.of(Step, run=h.run, task=h.second) if x.where]
        seen = say("while a buyer was held after its step {n}, the search waited", n=len(h.path))
        fail(say("the search is answered"), seen, "search-takes-lock", where[-1] if where else None)
    if not any(outcomes(trace, h.run) for h in found):
        raise Unclear(say("no search was answered"))
    return say("with a buyer held after each of {n} steps, the search went through", n=len(found))


@check(
    "lock.hold-short",
    points=1,
    severity=SHOULD,
    case="lock.one",
    requirement=say("the lock is held for reading, counting down and writing only, not while a user still looks"),
    needs=("lock.one",),
)
def lock_hold_short(trace: Trace) -> Text:
    early = [h for h in holds(trace) if h.waited and only_looks(h)]
    if len(early) >= TWICE:
        line = next(x.where for x in reversed(early[0].path) if x.where and x.where.function == "search_ticket")
        seen = say("while one user looked, and had not begun to buy, the other waited")
        fail(say("a user who only looks keeps nobody waiting"), seen, "lock-held-too-long", line)
    return say("nobody waited for a user who only looked")


def only_looks(h: Hold) -> bool:
    functions = [x.where.function for x in h.path if x.where]
    return "search_ticket" in functions and "buy_ticket" not in functions
