"""Why a sale of `ticket_lock` was lost, or stood still: the mistake that its accesses and locks speak for."""

from __future__ import annotations

from collections.abc import Sequence

from grader.analysis.interleaving import MAIN, Access, Clash, accesses_of, clashes, holders, task_name, wanted
from grader.analysis.losing import must_not_lose
from grader.analysis.time_outs import ran_out
from grader.checks import fail
from grader.model import Frame, Scheduled, Standing, Step, Text, Trace, say

from .readings import ALONE, PATH, Sale, child_errors, left_behind


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
    place = places[-1] if places else None
    if standing == {MAIN}:
        return _unanswered(trace, run, place)
    return None, place, say("all processes wait, and nobody is left to wake them")


def _unanswered(trace: Trace, run: str, place: Frame | None) -> tuple[str, Frame | None, Text]:
    """All users have ended, and sell waits for what one of them has not said. If it died of it that somebody came
    between, the mistake is the lock's."""
    error = child_errors(trace, run)
    seen = say("its processes have ended, and it still waits for something from them")
    if not error:
        return "waits-for-the-dead", place, seen
    code, where, clash = why_lost(trace, run)
    seen = say("{seen}; a process ended with {error}", seen=seen, error=error)
    if not clash or not code:
        return "waits-for-the-dead", place, seen
    return code, where, say("{how}; {seen}", how=in_numbers(clash), seen=seen)


def taken_at(accesses: Sequence[Access], thing: str, task: str) -> Frame | None:
    return next((a.where for a in reversed(accesses) if (a.verb, a.thing, a.task) == ("takes", thing, task)), None)


# --- why it was lost -----------------------------------------------------------------------------------------------


def why_lost(trace: Trace, run: str) -> tuple[str | None, Frame | None, Clash | None]:
    """(mistake, place, clash) of a lost sale; only a run that is told in full says so much."""
    accesses = accesses_of(trace, run)
    found = clashes(accesses)
    clash = next((c for c in found if c.thing == PATH), next(iter(found), None))
    where = clash.read.where if clash else None
    over = ran_out(trace, run)
    if over and over[0] == "join-gives-up":
        return *over, None
    if left_behind(trace, run):
        return "not-joined", where, clash
    if not trace.first(Step, run=run):
        return None, None, None
    return why_unlocked(accesses) or (clash and why_open(trace, run, accesses, clash)), where, clash


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


def held_at(accesses: Sequence[Access], when: Access, task: str) -> set[str]:
    """The locks that a task holds at the moment of an access."""
    held = holders(accesses[: accesses.index(when)])
    return {thing for thing, owners in held.items() if task in owners}


def within(trace: Trace, run: str, access: Access, function: str) -> bool:
    """Whether the task had gone into this function of the student's when it did that."""
    steps = trace.of(Step, run=run)[: access.step]
    return any(s.task == access.task and s.where and s.where.function == function for s in steps)


def in_numbers(clash: Clash) -> Text:
    """The lost update: who had read what when somebody else wrote."""
    late, early = task_name(clash.written.task), task_name(clash.between.task)
    if clash.read.shown:
        return say(
            "{late} had read {shown}, then {early} sold a ticket, then {late} wrote what it had worked out before",
            late=late,
            early=early,
            shown=clash.read.shown,
        )
    return say("{late} had read the file, then {early} wrote it, then {late} wrote it too", late=late, early=early)
