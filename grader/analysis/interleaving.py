"""A run whose every step is known, as a table: who did what, in which order, where they clashed. Layer 1, pure.

Steps of one task on one line of its file, one after the other, are one row. What a task did to a file or a lock stands
beside its row. A *clash* is a lost update: a task reads a thing, another writes it, the first writes it from what it
had read. At most some 30 rows: what others cannot see goes first, then the middle of long stretches of one task.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from grader.model import Did, Frame, Standing, Step, Text, Trace, say

LIMIT = 26  # rows; gaps come on top
MAIN = "main"


@dataclass(frozen=True, slots=True)
class Row:
    """number: of the row's first step. notes: what was done to things that others share, or what is waited for."""

    number: int
    task: str
    what: Text
    where: Frame | None = None
    notes: tuple[Text, ...] = ()
    clash: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """A Did event, and the number of the step in which it was done."""

    step: int
    task: str
    verb: str
    thing: str
    where: Frame | None
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """`late` had read the thing, then `early` wrote it, then `late` wrote it from what it had read."""

    thing: str
    read: Access
    between: Access
    written: Access


@dataclass(frozen=True, slots=True)
class Story:
    """tasks: in the order of their first steps."""

    run: str
    tasks: tuple[str, ...]
    rows: tuple[Row, ...]
    clashes: tuple[Clash, ...] = ()


def story(trace: Trace) -> Story | None:
    """The last run that is told in full; None where there is none."""
    last = trace.last(Step)
    if last is None:
        return None
    run = last.run
    steps = trace.of(Step, run=run)
    accesses = accesses_of(trace, run)
    found = clashes(accesses)
    marked = {a.step for c in found for a in (c.read, c.between, c.written)}
    own = {s.task for s in steps if s.where or s.kind == "feed"}  # a Manager's server does nothing of the student's
    rows = [r for r in _rows(steps, accesses, marked) if r.task in own]
    rows = _shortened(_without_the_ends(rows))
    rows += [r for r in _stuck(trace, run, accesses) if r.task in own]
    acting = {r.task for r in rows}
    tasks = dict.fromkeys(s.task for s in steps if s.task in acting)
    return Story(run, tuple(tasks), tuple(rows), found)


def accesses_of(trace: Trace, run: str) -> tuple[Access, ...]:
    """What the tasks of a run did to files and locks, in order."""
    found, number = [], 0
    for e in trace.events:
        if isinstance(e, Step) and e.run == run:
            number += 1
        elif isinstance(e, Did) and e.run == run:
            found.append(Access(number, e.task, e.verb, e.thing, e.where, e.shown))
    return tuple(found)


def clashes(accesses: Sequence[Access]) -> tuple[Clash, ...]:
    """Every lost update among these accesses."""
    found = []
    for i, written in enumerate(accesses):
        if written.verb != "writes":
            continue
        before = [a for a in accesses[:i] if a.thing == written.thing and a.verb in ("reads", "writes")]
        mine = [k for k, a in enumerate(before) if a.task == written.task]
        if not mine or before[mine[-1]].verb != "reads":
            continue
        others = [a for a in before[mine[-1] :] if a.task != written.task and a.verb == "writes"]
        found += [Clash(written.thing, before[mine[-1]], others[0], written)] if others else []
    return tuple(found)


def holders(accesses: Iterable[Access]) -> dict[str, list[str]]:
    """lock → the tasks that hold it after all this, once for each time they took it."""
    held: dict[str, list[str]] = {}
    for a in accesses:
        if a.verb == "takes":
            held.setdefault(a.thing, []).append(a.task)
        elif a.verb == "frees" and held.get(a.thing):
            owner = a.task if a.task in held[a.thing] else held[a.thing][0]
            held[a.thing].remove(owner)
    return held


def wanted(accesses: Iterable[Access]) -> dict[str, Access]:
    """task → the lock that it wants and has not got."""
    found: dict[str, Access] = {}
    for a in accesses:
        if a.verb in ("wants", "tries"):
            found[a.task] = a
        elif a.verb == "takes":
            found.pop(a.task, None)
    return found


def task_name(task: str) -> Text:
    if task == MAIN:
        return say("main")
    if "t" in task:
        return say("thread {name}", name=task.replace("t", ""))
    return say("process {name}", name=task)


# --- rows ------------------------------------------------------------------------------------------------------------


def _rows(steps: Sequence[Step], accesses: Sequence[Access], marked: set[int]) -> Iterator[Row]:
    row: Row | None = None
    later: dict[str, tuple[Text, ...]] = {}  # what a task did when it was woken by another one's step
    for number, step in enumerate(steps, 1):
        notes = later.pop(step.task, ())
        if step.kind == "time-out":
            notes = (*notes, say("its time-out is over"))
        if step.kind == "feed" and row and (row.task, row.what) == (step.task, _what(step)):
            continue
        if step.kind == "feed":
            notes = (*notes, say("brings what was put"))
        for a in accesses:
            if a.step == number and a.task == step.task:
                notes += (_note(a),)
            elif a.step == number:
                later[a.task] = (*later.get(a.task, ()), _note(a))
        place = (step.where.file, step.where.line) if step.where else None
        if row and row.task == step.task and row.where and place == (row.where.file, row.where.line):
            row = replace(row, notes=row.notes + notes, clash=row.clash or number in marked)
            continue
        if row:
            yield row
        row = Row(number, step.task, _what(step), step.where, notes, number in marked)
    if row:
        yield row


def _what(step: Step) -> Text:
    if step.kind == "feed":
        return say("the queue's own thread")
    if step.where is None:
        return say("starts")
    if not step.where.line:
        return say("goes on after the call")
    return Text("{line} {source}", {"line": step.where.line, "source": step.where.source or step.where.function})


def _note(a: Access) -> Text:
    thing = thing_name(a.thing)
    if a.verb == "reads":
        return say("reads {shown}", shown=a.shown or thing)
    if a.verb == "writes":
        return say("writes {thing}", thing=thing)
    if a.verb == "takes":
        return say("takes {thing}", thing=thing)
    if a.verb == "frees":
        return say("frees {thing}", thing=thing)
    if a.verb == "makes":
        return say("makes {thing}", thing=thing)
    return say("wants {thing}", thing=thing)


def thing_name(name: str) -> Text:
    word, _, number = name.partition(" ")
    return say("lock {n}", n=number) if word == "lock" and number else Text(name.replace("{", "{{").replace("}", "}}"))


def _without_the_ends(rows: list[Row]) -> list[Row]:
    """Without what the main task does before the first of the others begins and after the last has ended."""
    others = [i for i, r in enumerate(rows) if r.task != MAIN]
    return rows[others[0] : others[-1] + 1] if others else rows


def _shortened(rows: list[Row]) -> list[Row]:
    keep = set(range(len(rows)))
    for spare in (_dull, _inner):
        if len(keep) > LIMIT:
            keep -= {i for i in keep if spare(rows, i)}
    while len(keep) > LIMIT:  # from where the first clash, or the end, is farthest
        centre = next((i for i, r in enumerate(rows) if r.clash), len(rows) - 1)
        keep.discard(max(keep, key=lambda i: abs(i - centre)))
    return _with_gaps(rows, sorted(keep))


def _dull(rows: Sequence[Row], i: int) -> bool:
    """Nothing that others see, and no change of task before or after."""
    same = [rows[k].task == rows[i].task for k in (i - 1, i + 1) if 0 <= k < len(rows)]
    return not rows[i].notes and not rows[i].clash and all(same)


def _inner(rows: Sequence[Row], i: int) -> bool:
    return not rows[i].clash and (not rows[i].notes or rows[i].task == MAIN)


def _with_gaps(rows: Sequence[Row], kept: Sequence[int]) -> list[Row]:
    found: list[Row] = []
    for before, i in zip([-1, *kept], kept, strict=False):
        between = rows[before + 1 : i]
        if len(between) == 1:
            found.append(between[0])
        elif between:
            found.append(Row(0, rows[i].task, say("… {n} more lines", n=len(between)), gap=True))
        found.append(rows[i])
    return found


def _stuck(trace: Trace, run: str, accesses: Sequence[Access]) -> list[Row]:
    """Where each task stands at the end of a deadlock, and what for."""
    held, wants = holders(accesses), wanted(accesses)
    rows = []
    for s in trace.of(Standing, run=run):
        line = Text("{line} {source}", {"line": s.where.line, "source": s.where.source}) if s.where else Text("")
        want = wants.get(s.task)
        note = _waits_for(want.thing, held.get(want.thing, []), s.task) if want else say("waits for ever")
        rows.append(Row(0, s.task, line, s.where, (note,), clash=want is not None))
    return rows


def _waits_for(lock: str, owners: Sequence[str], task: str) -> Text:
    thing = thing_name(lock)
    if task in owners:
        return say("waits for {thing}, which it holds itself", thing=thing)
    if owners:
        return say("waits for {thing}, which {owner} holds", thing=thing, owner=task_name(owners[-1]))
    return say("waits for {thing}", thing=thing)
