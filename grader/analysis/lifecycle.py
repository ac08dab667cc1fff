"""The life of a run's processes: who started whom, when, what ended each, who collected it. Layer 1, pure.

Rule 1: moments are the events' own times. A recorder holds a process still while it takes note of what happens to it,
so of two moments the smaller is the earlier one, whatever order the events arrived in.
Rule 2: what multiprocessing starts for itself (resource tracker, fork server) is no process of the student's. What a
fork server forks and reaps, the one whom it serves has forked and reaped.
Rule 3: a record is believed only whole, and only where /proc, read from outside, does not speak against it. Otherwise
nothing is decided (Unclear), and never a PASS.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Literal

from grader.analysis.outcomes import Standstill, standstill
from grader.checks import Unclear
from grader.model import (
    Arrived,
    Busy,
    Census,
    Died,
    Event,
    Execed,
    Forked,
    GaveUp,
    Killed,
    Left,
    Quiet,
    Reaped,
    Recorded,
    Started,
    Trace,
    Unproven,
    say,
)

HELPERS = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Life:
    """One process. Moments that never came are infinite. code: the exit code; None where a signal ended it.

    parent: whose child it counts as. forker: the process that forked it, a fork server perhaps.
    """

    pid: int
    parent: int
    born: float
    died: float = NEVER
    code: int | None = None
    signal: str | None = None
    reaped: float = NEVER
    reaper: int = 0
    argv: tuple[str, ...] = ()
    struck: tuple[Killed, ...] = ()  # signals that it was sent
    forker: int = 0

    def alive(self, at: float) -> bool:
        return self.born <= at < self.died

    def zombie(self, at: float) -> bool:
        return self.died <= at < self.reaped

    @property
    def helps(self) -> bool:
        """It is one of those that multiprocessing starts for itself."""
        return any(name in word for name in HELPERS for word in self.argv)


@dataclass(frozen=True, slots=True)
class Record:
    """root: the run's first process. lives: all others of the student's, in the order of their birth."""

    run: str
    root: Life
    lives: tuple[Life, ...]
    left: float = NEVER  # the end of the main code

    @property
    def children(self) -> tuple[Life, ...]:
        return tuple(life for life in self.lives if life.parent == self.root.pid)

    def of(self, pid: int) -> Life | None:
        """The process of that number; the last, should there have been several."""
        return next((life for life in (*reversed(self.lives), self.root) if life.pid == pid), None)

    def alive(self, at: float) -> tuple[Life, ...]:
        return tuple(life for life in self.lives if life.alive(at))

    def zombies(self, at: float) -> tuple[Life, ...]:
        return tuple(life for life in self.lives if life.zombie(at))

    @property
    def orphans(self) -> tuple[Life, ...]:
        """Those that outlived the process that had started them."""
        ends = {life.pid: life.died for life in (self.root, *self.lives)}
        return tuple(life for life in self.lives if life.died > ends.get(life.parent, NEVER))


def most_at_once(lives: Iterable[Life]) -> int:
    """The greatest number of them that were alive at one moment."""
    steps = [step for life in lives for step in ((life.born, 1), (life.died, -1))]
    return max(accumulate(change for _, change in sorted(steps)), default=0)


def in_turn(lives: Iterable[Life]) -> bool:
    """Each was born when the one before had ended."""
    ordered = sorted(lives, key=lambda life: life.born)
    return all(a.died < b.born for a, b in pairwise(ordered))


def arrivals(trace: Trace, run: str) -> dict[str, Arrived]:
    """Job → where it ran; the first time, where it ran more than once."""
    found: dict[str, Arrived] = {}
    for e in trace.of(Arrived, run=run):
        found.setdefault(e.job, e)
    return found


Place = Literal["main", "thread", "child", "descendant", "stranger"]


def place(found: Record, job: Arrived) -> Place:
    """Where a job ran: in the run's first process, by its first thread or by another one, in a child of it, below."""
    if job.pid == found.root.pid:
        return "main" if job.thread == job.pid else "thread"
    life = found.of(job.pid)
    if life is None:
        return "stranger"
    return "child" if life.parent == found.root.pid else "descendant"


def so_far(trace: Trace, run: str) -> Trace:
    """The trace up to where our side stopped waiting for a run: what a program does when it is let go is no answer."""
    for i, e in enumerate(trace.events):
        if isinstance(e, Quiet | Busy | GaveUp) and e.run == run:
            return replace(trace, events=trace.events[: i + 1])
    return trace


def stands(trace: Trace, run: str) -> Standstill:
    """How a run stood when our side stopped waiting for it, where it was no conversation that it stood in."""
    quiet = trace.first(Quiet, run=run)
    if quiet is None:
        return standstill(trace, run)
    text = say("it stands still in {where}", where=str(quiet.where)) if quiet.where else say("it stands still")
    return Standstill(text, quiet.where, quiet=True)


def record(trace: Trace, run: str) -> Record:
    """The record of a run. Unclear where there is none, where it is not whole, or where /proc contradicts it."""
    started, end = trace.first(Started, run=run), trace.first(Recorded, run=run)
    if not started or (end and not end.whole) or trace.first(Unproven):
        raise Unclear(say("there is no record of its processes"))
    lives = lives_of(trace, run, started)
    left = trace.first(Left, run=run)
    found = Record(run, lives[0], tuple(_without_helpers(lives)), left.at if left else NEVER)
    for census in trace.of(Census):
        if _contradicts(lives, census):
            raise Unclear(say("the record of its processes is not what /proc shows"))
    return found


def lives_of(trace: Trace, run: str, started: Started) -> list[Life]:
    """All processes of the record, the root first."""
    lives = [Life(started.pid, 0, 0.0)]
    index = {started.pid: 0}  # pid → its place in lives; a number may be given again
    struck: dict[int, list[Killed]] = {}  # place → signals; a program may send a hundred thousand
    for e in sorted((e for e in trace.events if isinstance(e, OF_PROCESSES) and e.run == run), key=lambda e: e.at):
        if isinstance(e, Forked):
            index[e.pid] = len(lives)
            lives.append(Life(e.pid, e.by, e.at, forker=e.by))
        elif isinstance(e, Killed) and e.pid in index:
            struck.setdefault(index[e.pid], []).append(e)
        elif e.pid in index:
            lives[index[e.pid]] = replace(lives[index[e.pid]], **_change(e))  # type: ignore[arg-type]  # names of its fields
    return [replace(life, struck=tuple(struck.get(i, ()))) for i, life in enumerate(lives)]


OF_PROCESSES = (Forked, Execed, Killed, Died, Reaped)


def _change(e: Event) -> dict[str, object]:
    match e:
        case Execed():
            return {"argv": e.argv}
        case Died():
            return {"died": e.at, "code": e.code, "signal": e.signal}
        case Reaped():
            return {"reaped": e.at, "reaper": e.by}
    return {}


def _without_helpers(lives: list[Life]) -> Iterator[Life]:
    served = {life.pid: life.parent for life in lives if life.helps}
    for life in lives[1:]:
        if not life.helps:
            yield replace(
                life, parent=served.get(life.parent, life.parent), reaper=served.get(life.reaper, life.reaper)
            )


def _contradicts(lives: list[Life], census: Census) -> bool:
    """What cannot be: a process that the record does not know, lacks, has buried already, or gives another parent."""
    known = {life.pid: life for life in lives}
    seen = {s.pid: s for s in census.processes}
    before, after = census.at, census.at + census.seconds
    family = _family(lives[0].pid, census)
    if any(pid not in known or known[pid].reaped < before for pid in family):
        return True
    for life in lives[1:]:
        if life.born < before and life.died > after:
            parent = known.get(life.parent)
            if life.pid not in seen or (parent and parent.died > after and seen[life.pid].parent != life.parent):
                return True
    return False


def _family(root: int, census: Census) -> set[int]:
    found, frontier = set[int](), {root}
    while frontier:
        found |= frontier
        frontier = {s.pid for s in census.processes if s.parent in frontier} - found
    return found & {s.pid for s in census.processes}
