"""How the checks of `ticket_lock` read a trace: each sale as it ended, and which mistake a lost one speaks for."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.analysis.interleaving import Access, Clash, accesses_of, clashes, holders, wanted
from grader.analysis.losing import must_not_lose
from grader.analysis.time_outs import ran_out
from grader.checks import Unclear, fail
from grader.model import (
    Exited,
    Frame,
    Given,
    Kept,
    Printed,
    Raised,
    Returned,
    Scheduled,
    Standing,
    Step,
    Text,
    Trace,
    Value,
    say,
)

PATH = "tickets.json"
ALONE = "one after another"  # the plan of a sale in which nobody comes between


@dataclass(frozen=True, slots=True)
class Sale:
    """One scheduled run: what there was before, and what there is afterwards. left: None where no count is left."""

    run: str
    scheduled: Scheduled
    users: tuple[str, ...]
    tickets: int
    left: int | None
    text: str
    returned: Value | None = None
    raised: Raised | None = None

    @property
    def winners(self) -> tuple[str, ...] | None:
        """The names that sell returned; None where it returned no list of names."""
        value = self.returned
        if value is None or value.kind not in ("list", "tuple") or any(i.kind != "str" for i in value.items):
            return None
        return tuple(ast.literal_eval(i.shown) for i in value.items)


def sales(trace: Trace) -> tuple[Sale, ...]:
    """Every scheduled run that sold something from the file, in order."""
    found = (sale_of(trace, s) for s in trace.of(Scheduled))
    return tuple(s for s in found if s is not None)


def free_sales(trace: Trace) -> tuple[Sale, ...]:
    """Every run whose order nobody chose, as far as it came to its end."""
    chosen = {s.run for s in trace.of(Scheduled)}
    ended = (Scheduled(e.at, e.run, "free", "ended", "", 0) for e in trace.of(Exited) if e.run not in chosen)
    found = (sale_of(trace, e) for e in ended)
    return tuple(s for s in found if s is not None and (s.returned or s.raised))  # not those that our side has ended


def sale_of(trace: Trace, scheduled: Scheduled) -> Sale | None:
    run = scheduled.run
    args, before = trace.first(Given, run=run, name=""), trace.first(Given, run=run, name=PATH)
    if args is None or before is None or "users" not in (given := json.loads(args.text)):
        return None
    kept = trace.last(Kept, run=run, name=PATH)
    return Sale(
        run,
        scheduled,
        tuple(given["users"]),
        json.loads(before.text)["count"],
        count_of(kept),
        kept.text[:60] if kept else "",
        next((e.value for e in trace.of(Returned, run=run)), None),
        trace.last(Raised, run=run),
    )


def count_of(kept: Kept | None) -> int | None:
    """The count in a file as it was found; None where there is none."""
    try:
        data: Any = json.loads(kept.text) if kept else None
        count = data["count"]
    except (ValueError, KeyError, TypeError):
        return None
    return count if type(count) is int else None


def must_be_followed(trace: Trace) -> None:
    """Nothing is to be said for a program that did things without asking."""
    runs = trace.of(Scheduled)
    if not runs:
        raise Unclear(say("no schedule was played"))
    for s in runs:
        if s.how == "unfollowed":
            raise Unclear(say("its processes did things that could not be followed: {reason}", reason=s.reason))


def must_end(trace: Trace) -> None:
    """FAIL where a run stood still, and why."""
    must_not_lose(trace, trace.of(Scheduled), lambda s: _must_have_ended(trace, s))


def _must_have_ended(trace: Trace, s: Scheduled) -> None:
    if s.how == "deadlock":
        code, where, why = standstill(trace, s.run)
        fail(say("every process comes to its end"), why, code, where)
    if s.how in ("endless", "slow"):
        fail(say("every process comes to its end"), say("it was still going on after {n} steps", n=s.steps))


# --- why it stood still --------------------------------------------------------------------------------------------


def standstill(trace: Trace, run: str) -> tuple[str | None, Frame | None, Text]:
    """(mistake, place, what is seen) of a deadlock. Only a run that is told in full says which locks were taken."""
    told = trace.last(Step)
    if told and trace.first(Scheduled, run=told.run, how="deadlock"):
        run = told.run
    accesses = accesses_of(trace, run)
    held, wants = holders(accesses), wanted(accesses)
    standing = {s.task for s in trace.of(Standing, run=run)}
    for want in wants.values():
        owners = held.get(want.thing, [])
        if want.task in owners:
            seen = say("a process waits for the lock that it holds itself, and all others wait for it")
            return "double-acquire", want.where, seen
        if owners and not set(owners) & standing:
            seen = say("a process has ended without giving the lock back, and the others wait for it")
            return "release-missing", taken_at(accesses, want.thing, owners[-1]), seen
    for want in wants.values():
        for owner in held.get(want.thing, []):
            if owner in wants and want.task in held.get(wants[owner].thing, []):
                return "lock-order", want.where, say("two processes each wait for the lock that the other one holds")
    places = [s.where for s in trace.of(Standing, run=run) if s.where]
    return None, places[-1] if places else None, say("all processes wait, and nobody is left to wake them")


def taken_at(accesses: Sequence[Access], thing: str, task: str) -> Frame | None:
    return next((a.where for a in reversed(accesses) if (a.verb, a.thing, a.task) == ("takes", thing, task)), None)


# --- why it was lost -----------------------------------------------------------------------------------------------


def why_lost(trace: Trace, sale: Sale) -> tuple[str | None, Frame | None, Clash | None]:
    """(mistake, place, clash) of a lost sale; only one that is told in full says so much."""
    accesses = accesses_of(trace, sale.run)
    found = clashes(accesses)
    clash = next((c for c in found if c.thing == PATH), next(iter(found), None))
    where = clash.read.where if clash else None
    over = ran_out(trace, sale.run)
    if over and over[0] == "join-gives-up":
        return *over, None
    if left_behind(trace, sale.run):
        return "not-joined", where, clash
    if not trace.first(Step, run=sale.run):
        return None, None, None
    return why_unlocked(accesses) or (clash and why_open(trace, sale.run, accesses, clash)), where, clash


def why_unlocked(accesses: Sequence[Access]) -> str | None:
    """No lock, or not the same one: what those took who sold something tells it."""
    sellers = {a.task for a in accesses if (a.verb, a.thing) == ("writes", PATH)}
    taken = {(a.task, a.thing) for a in accesses if a.verb == "takes" and (a.task in sellers or not sellers)}
    if not taken:
        return "no-lock"
    if any(len(set(owners)) > 1 for n in range(len(accesses)) for owners in holders(accesses[: n + 1]).values()):
        return "lets-two-in"
    tasks, things = {task for task, _ in taken}, {thing for _, thing in taken}
    shared = any(len({task for task, thing in taken if thing == this}) > 1 for this in things)
    return None if shared or len(tasks) < 2 else why_apart(accesses, things)


def why_apart(accesses: Sequence[Access], locks: set[str]) -> str:
    """The processes use different locks: who has made them?"""
    makers = {a.task for a in accesses if a.verb == "makes" and a.thing in locks}
    return "lock-in-loop" if makers == {"main"} else "lock-per-process"


def why_miscounted(trace: Trace, sale: Sale) -> str | None:
    """The file is right by itself, and it is not what sell says. None where somebody may have written what was old."""
    named, sold = len(set(sale.winners or ())), sale.tickets - (sale.left or 0)
    if named < sold <= sale.tickets:
        return "winners-lost"
    if not trace.first(Step, run=sale.run):
        return None
    if sold > sale.tickets:
        return why_split(accesses_of(trace, sale.run)) or "sold-out-sold"
    return "named-without-ticket" if sold == sale.tickets and sale.scheduled.plan == ALONE else None


def why_outside(accesses: Sequence[Access]) -> str | None:
    """Somebody who had held a lock wrote the file without one."""
    for i, a in enumerate(accesses):
        had = any((x.verb, x.task) == ("frees", a.task) for x in accesses[:i])
        if (a.verb, a.thing) == ("writes", PATH) and had and not held_at(accesses, a, a.task):
            return "write-outside-lock"
    return None


def why_split(accesses: Sequence[Access]) -> str | None:
    """Who wrote the file had read it under a lock, and given that back and taken it again since."""
    for a in accesses:
        if (a.verb, a.thing) == ("writes", PATH):
            own = [x for x in accesses[: accesses.index(a)] if x.task == a.task]
            read = next((x for x in own if (x.verb, x.thing) == ("reads", PATH) and held_at(accesses, x, x.task)), None)
            if read and held_at(accesses, a, a.task) and "frees" in {x.verb for x in own[own.index(read) :]}:
                return "split-critical-section"
    return None


def why_left(accesses: Sequence[Access]) -> str | None:
    """A user has tried the lock, and has not got it in the end."""
    return "goes-away" if any(want.verb == "tries" for want in wanted(accesses).values()) else None


def why_open(trace: Trace, run: str, accesses: Sequence[Access], clash: Clash) -> str | None:
    """The section is not whole: where was the lock when the file was read, and when it was written?"""
    late = clash.written.task
    before, after = held_at(accesses, clash.read, late), held_at(accesses, clash.written, late)
    meanwhile = held_at(accesses, clash.between, clash.between.task)
    for done in (clash.between, clash.written):
        if done.task in wanted(accesses[: accesses.index(done)]):
            return "time-out-ignored"
    if not after:
        return why_outside(accesses)
    if meanwhile and before and not meanwhile & before:
        return why_apart(accesses, meanwhile | before)
    if before:
        return "split-critical-section"
    return "lock-round-write-only" if within(trace, run, clash.read, "buy_ticket") else "read-before-lock"


def left_behind(trace: Trace, run: str) -> int:
    """How many processes of the users were still there when sell had returned; in a run that is told in full."""
    steps = trace.of(Step, run=run)
    after = next((s for s in steps if s.task == "main" and s.kind == "sleep" and s.where and not s.where.line), None)
    users = {s.task for s in steps if s.kind == "step"} - {"main"}
    return len(users & {*after.ready, *after.blocked}) if after else 0


def held_at(accesses: Sequence[Access], when: Access, task: str) -> set[str]:
    """The locks that a task holds at the moment of an access."""
    held = holders(accesses[: accesses.index(when)])
    return {thing for thing, owners in held.items() if task in owners}


def within(trace: Trace, run: str, access: Access, function: str) -> bool:
    """Whether the task had gone into this function of the student's when it did that."""
    steps = trace.of(Step, run=run)[: access.step]
    return any(s.task == access.task and s.where and s.where.function == function for s in steps)


def child_errors(trace: Trace, run: str) -> str:
    """The last lines of the tracebacks that a run's processes left on stderr, each once."""
    text = "\n".join(p.text for p in trace.of(Printed, run=run, stream="stderr"))
    errors = [line for line in text.splitlines() if line[:1].isalpha() and ("Error" in line or "Exception" in line)]
    return "; ".join(dict.fromkeys(errors))[:200]
