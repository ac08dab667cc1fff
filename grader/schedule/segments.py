"""A schedule as data: who was let go, and for how many steps, one after the other. Pure.

Written `main*7 1*3 2*9`, and `2!*1` where the time-out of 2 runs out. A step is one grant: the task runs until it asks
again, waits for something, or ends. Played again (`strategies.Replay`) it gives the same run, because between two
grants nothing is left to chance.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

WHOLE = 1_000_000  # steps: as long as the task can go on


class Segment(NamedTuple):
    """One task goes on for so many steps, or until it waits or ends."""

    task: str
    steps: int


Schedule = tuple[Segment, ...]


def schedule_of(grants: Iterable[str]) -> Schedule:
    """The schedule in which these tasks were let go for one step each."""
    return tuple(Segment(task, len(list(run))) for task, run in groupby(grants))


def merged(segments: Iterable[Segment]) -> Schedule:
    """The same schedule with neighbours of one task made one, and without those of no steps."""
    runs = groupby((s for s in segments if s.steps), key=lambda s: s.task)
    return tuple(Segment(task, min(WHOLE, sum(s.steps for s in run))) for task, run in runs)


def written(schedule: Schedule) -> str:
    return " ".join(s.task if s.steps >= WHOLE else f"{s.task}*{s.steps}" for s in schedule)


def read(text: str) -> Schedule:
    """What `written` wrote. Raises ValueError for anything else."""
    found = []
    for word in text.split():
        task, star, steps = word.partition("*")
        found.append(Segment(task, int(steps) if star else WHOLE))
    return tuple(found)
