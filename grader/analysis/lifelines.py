"""The life of a run's processes as a drawing of characters: one row for each process. Layer 1, pure.

    main 4711    ├──────────────┤░           exit code 0
    job a 4712      ├────!┤░░░░              SIGTERM

Rule: a column is a moment at which something happened to some process, not a length of time; so what came first stands
further left, and nothing that matters is too short to be seen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from grader.analysis.lifecycle import NEVER, Life, arrivals, lives_of
from grader.model import Called, Forked, Left, Raised, Returned, Started, Text, Trace, say

STARTS, RUNS, STRUCK, ENDS, ZOMBIE = "├─!┤░"
MOST = 12  # rows


@dataclass(frozen=True, slots=True)
class Lane:
    """One process. line: one character for each column."""

    who: Text
    line: str
    end: Text


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened to none of them in particular, and its column."""

    column: int
    what: Text


@dataclass(frozen=True, slots=True)
class Drawing:
    """left_out: so many processes have no row."""

    marks: tuple[Mark, ...]
    lanes: tuple[Lane, ...]
    left_out: int


def drawings(trace: Trace, columns: int) -> Iterator[Drawing]:
    """One for each recorded run that started processes."""
    for started in trace.of(Started):
        if trace.first(Forked, run=started.run):
            yield _drawing(trace, started, columns)


def _drawing(trace: Trace, started: Started, columns: int) -> Drawing:
    root, *others = lives_of(trace, started.run, started)
    lives = [replace(root, reaped=root.died), *others]  # who collects it is not in the record
    of_lives = sorted(at for life in lives for at in _moments(life))
    marks = list(_marks(trace, started.run, of_lives))
    moments = sorted({*of_lives, *(at for at, _ in marks)})
    column = _Columns(moments, columns)
    jobs = reversed(arrivals(trace, started.run).values())
    names = {job.pid: Text("{job}", {"job": job.job}) for job in jobs} | {started.pid: say("main")}
    lanes = [Lane(_who(life, names), _line(life, column), _end(life)) for life in lives]
    places = sorted((Mark(column(at), what) for at, what in marks), key=lambda m: m.column)
    return Drawing(tuple(places), tuple(lanes[:MOST]), len(lanes[MOST:]))


class _Columns:
    """Moment → column. Moments are two columns apart where there is room for it, else they share what there is."""

    def __init__(self, moments: list[float], columns: int) -> None:
        self._moments = moments
        self._wide = 2 if 2 * len(moments) <= columns else min(1.0, columns / max(1, len(moments)))
        self.count = min(columns, int(len(moments) * self._wide) + 1)

    def __call__(self, at: float) -> int:
        place = bisect_right(self._moments, at) - 1 if at < NEVER else len(self._moments)
        return min(self.count - 1, max(0, int(place * self._wide)))


def _moments(life: Life) -> Iterable[float]:
    return (at for at in (life.born, life.died, life.reaped, *(k.at for k in life.struck)) if at < NEVER)


def _line(life: Life, column: _Columns) -> str:
    born, died, reaped = column(life.born), column(life.died), column(life.reaped)
    line = [" "] * column.count
    line[born:died] = RUNS * (died - born)
    for struck in life.struck:
        if struck.at < life.died:
            line[column(struck.at)] = STRUCK
    line[born] = STARTS
    if life.died < NEVER:
        line[died] = ENDS
        line[died + 1 : reaped + (life.reaped == NEVER)] = ZOMBIE * (reaped + (life.reaped == NEVER) - died - 1)
    else:
        line[died] = RUNS
    return "".join(line)


def _who(life: Life, names: dict[int, Text]) -> Text:
    name = say("helper") if life.helps else names.get(life.pid, say("child"))
    return Text("{name} {pid}", {"name": name, "pid": life.pid})


def _end(life: Life) -> Text:
    if life.died == NEVER:
        return say("runs on")
    return Text("{signal}", {"signal": life.signal}) if life.signal else say("exit code {code}", code=life.code)


def _marks(trace: Trace, run: str, moments: list[float]) -> Iterator[tuple[float, Text]]:
    """The end of the main code, and of calls, the last of each name, in the course of which anything happened."""
    calls = {e.call: e for e in trace.of(Called, run=run)}
    ends = {calls[e.call].name: e for e in trace.events if isinstance(e, Returned | Raised) and e.call in calls}
    for name, e in ends.items():
        if bisect_right(moments, calls[e.call].at) < bisect_right(moments, e.at):
            raised = isinstance(e, Raised)
            yield e.at, say("{name} has raised", name=name) if raised else say("{name} has returned", name=name)
    for left in trace.of(Left, run=run):
        yield left.at, say("the main code has ended")


__all__ = ["Drawing", "Lane", "Mark", "drawings"]
