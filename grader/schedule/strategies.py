"""Strategies: of the tasks that can go on, which one goes on? Pure; all chance comes from a seed.

RandomWalk   any of them, each with the same chance. Finds most races of short programs at once.
Hurry        a random walk in which also time runs out: for those who wait with a time-out, at any moment.
InStep       one step each, in turn. For bugs that need several to be at the same line.
Laggard      a walk in which one task goes on only where nobody else can, and the time-outs of the others have
             run out. For bugs that need one to be late.
Priorities   PCT (Burckhardt and others, ASPLOS 2010): the one of the highest random priority; at d - 1 random steps the
             one that runs drops to the bottom. For bugs that need few switches at the right places: of n tasks and k
             steps one run finds a bug of depth d with a chance of at least 1 / (n * k**(d - 1)).
Preemptions  the same one as long as it can go on, but for so many switches at random steps: for short stories.
Favour       always the first of a fixed order that can go on: one after another, or all at once.
Held         one task stops in the middle while another goes on as far as it can. For: does it keep the other out?
Replay       as a recorded schedule says; after its end, and where it does not fit, the same one as long as it can.

A task that does nothing but wait for time to pass asks as "sleep". Under a strategy that is not fair by itself such a
task, and one that has had very many steps in a row, makes way for the others: else a loop that waits for another task
would go round for ever.

Time is nobody's promise: a program that is right is right however slow one of its tasks is. Who waits with a time-out
may therefore be told that it is over while others could go on. Such a choice is written `2!`: the time of 2 runs out.
Priorities and Favour never choose so.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from typing import Protocol

from grader.schedule.segments import WHOLE, Schedule, Segment

IN_A_ROW = 150  # steps of one task, after which it makes way
NEAR = 20  # steps in all
TIME_OUT = "!"


def time_out(task: str) -> str:
    """The choice that the time of this task runs out."""
    return task + TIME_OUT


def task_of(choice: str) -> str:
    return choice.removesuffix(TIME_OUT)


class Strategy(Protocol):
    def pick(self, ready: Mapping[str, str], last: str, waits: Collection[str] = ()) -> str:
        """One of the tasks that are ready: name → what it asks for ("start", "step", "feed", "sleep"). last: who
        went before.

        Or one of those that wait with a time-out, as `time_out` names it: its time runs out. Called for every step,
        also where only one is ready.
        """


class RandomWalk:
    def __init__(self, seed: str) -> None:
        self._rng = random.Random(seed)

    def pick(self, ready: Mapping[str, str], last: str, waits: Collection[str] = ()) -> str:
        return self._rng.choice(list(ready)) if len(ready) > 1 else next(iter(ready))


class Hurry:
    """After very many steps it is a random walk: who waits again and again must get what it waits for in the end."""

    def __init__(self, seed: str) -> None:
        self._walk = RandomWalk(seed)
        self._run_out = 0

    def pick(self, ready: Mapping[str, str], last: str, waits: Collection[str] = ()) -> str:
        over = {} if self._run_out >= IN_A_ROW else dict.fromkeys(map(time_out, waits), "time-out")
        choice = self._walk.pick({**ready, **over}, last)
        self._run_out += choice in over
        return choice


class InStep:
    def pick(self, ready: Mapping[str, str], last: str, waits: Collection[str] = ()) -> str:
        return min((task for task in ready if task > last), default=min(ready))


class Laggard:
    """task: the one that lags behind; when it has let the others pass very often, it walks with them."""

    def __init__(self, task: str, walk: Strategy) -> None:
        self._walk = walk
        self._task, self._passed = task, 0

    def pick(self, ready: Mapping[str, str], last: str, waits: Collection[str] = ()) -> str:
        others = {task: asks for task, asks in ready.items() if task != self._task}
        others = others or {time_out(task): "time-out" for task in waits if task != self._task}
        if not others or self._passed >= IN_A_ROW:
            return self._walk.pick(ready, last)
        self._passed += self._task in ready
        return self._walk.pick(others, last)


class Priorities:
    """length: how many decisions a run of this program takes, about. depth: d."""

    def __init__(self, seed: str, depth: int, length: int) -> None:
        self._rng = random.Random(seed)
        self._changes = {self._rng.randrange(max(1, length)) for _ in range(depth - 1)}
        self._priority: dict[str, float] = {}
        self._bottom = 0.0
        self._decisions = 0
        self._row = _Row()

    def pick(self, ready: Mapping[str, str], last: str, waits: Collection[str] = ()) -> str:
        for task in ready:
            self._priority.setdefault(task, 1 + self._rng.random())
        if len(ready) > 1:
            if self._decisions in self._changes:
                self._demote(self._highest(ready))
            self._decisions += 1
        chosen = self._highest(ready)
        if ready[chosen] == "sleep" or self._row.too_long(chosen):
            self._demote(chosen)
            chosen = self._highest(ready)
        return chosen

    def _highest(self, ready: Mapping[str, str]) -> str:
        return max(ready, key=lambda task: self._priority[task])

    def _demote(self, task: str) -> None:
        self._bottom -= 1
        self._priority[task] = self._bottom


class Preemptions:
    """bound: so many switches away from a task that could have gone on, or time-outs. length: as of Priorities."""

    def __init__(self, seed: str, bound: int, length: int) -> None:
        self._rng = random.Random(seed)
        self._at = {self._rng.randrange(max(1, length)) for _ in range(bound)}
        self._decisions = 0
        self._row = _Row()

    def pick(self, ready: Mapping[str, str], last: str, waits: Collection[str] = ()) -> str:
        others = [task for task in ready if task != last]
        if last in ready:
            choices = [*others, *map(time_out, waits)]
            preempted = self._decisions in self._at
            self._decisions += bool(choices)
            if preempted and choices:
                return self._rng.choice(choices)
            if not others or (ready[last] != "sleep" and not self._row.too_long(last)):
                return last
        return self._rng.choice(others)


class Replay:
    """A task whose time is to run out goes on to where it waits, if that is near. One that goes on as long as it can
    makes way after very many steps: it waits for another one in a loop.

    fits: whether every step so far was possible as recorded.
    """

    def __init__(self, schedule: Schedule) -> None:
        self._rest = list(reversed(schedule))
        self._nearly = NEAR
        self._row = _Row()
        self.fits = True

    def pick(self, ready: Mapping[str, str], last: str, waits: Collection[str] = ()) -> str:
        while self._rest:
            task, steps = self._rest.pop()
            goes = task_of(task)
            if steps >= WHOLE and self._row.too_long(task) and len(ready) > 1:
                continue
            if task in ready or (goes in waits and goes != task):
                if steps > 1:
                    self._rest.append(Segment(task, steps - (steps < WHOLE)))
                return task
            if goes in ready and self._nearly:
                self._nearly -= 1
                self._rest.append(Segment(task, steps))
                return goes
            self.fits = self.fits and steps >= WHOLE
        if last in ready and ready[last] != "sleep" and not self._row.too_long(last):
            return last
        return next((task for task in sorted(ready) if task > last), min(ready))


class Held:
    """`task` goes so many steps; then `other` as far as it can, also when its time-out is over; then `task` again.

    All others go first, as far as they can; one that sleeps only until both have come, and one that goes round in a
    loop not again. patience: steps of `other`, who may go round in a loop.
    """

    def __init__(self, task: str, steps: int, other: str, patience: int) -> None:
        self._task, self._other, self._steps, self._patience = task, other, steps, patience
        self._come: set[str] = set()
        self._round: set[str] = set()
        self._run_out = False
        self._row = _Row()

    def pick(self, ready: Mapping[str, str], last: str, waits: Collection[str] = ()) -> str:
        self._come |= {self._task, self._other} & set(ready)
        choice = self._choice(ready, waits)
        if not self._row.too_long(choice) or len(ready) == 1:
            return choice
        if choice in (self._task, self._other):
            return next(task for task in ready if task != choice)
        self._round.add(choice)
        return self._choice(ready, waits)

    def _choice(self, ready: Mapping[str, str], waits: Collection[str]) -> str:
        rest = sorted(set(ready) - {self._task, self._other}, key=lambda task: (task != "main", task))
        rests = {task for task in rest if ready[task] == "sleep" and len(self._come) == 2} | self._round
        awake = [task for task in rest if task not in rests]
        if awake:
            return awake[0]
        if self._steps and self._task in ready:
            self._steps -= 1
            return self._task
        if self._patience and self._other in ready:
            self._patience -= 1
            return self._other
        if self._patience and self._other in waits and not self._run_out:
            self._run_out = True
            return time_out(self._other)
        return next(task for task in (self._task, self._other, *rest) if task in ready)


class Favour:
    """The first of these tasks that can go on; of the others the one that came first, and who sleeps makes way.

    begin: whoever has not begun yet does so before anybody else goes on.
    """

    def __init__(self, *tasks: str, begin: bool = False) -> None:
        self._named, self._begin = set(tasks), begin
        self._order = {task: i for i, task in enumerate(tasks)}
        self._row = _Row()

    def pick(self, ready: Mapping[str, str], last: str, waits: Collection[str] = ()) -> str:
        for task in ready:
            self._order.setdefault(task, len(self._order))
        chosen = min(ready, key=lambda task: self._rank(task, ready[task]))
        if self._row.too_long(chosen) and len(ready) > 1:
            chosen = min((t for t in ready if t != chosen), key=lambda task: self._rank(task, ready[task]))
        return chosen

    def _rank(self, task: str, asks: str) -> tuple[bool, bool, int]:
        return not (self._begin and asks == "start"), asks == "sleep" and task not in self._named, self._order[task]


class _Row:
    """How often the same task went on without a break."""

    def __init__(self) -> None:
        self._task, self._steps = "", 0

    def too_long(self, task: str) -> bool:
        self._steps = self._steps + 1 if task == self._task else 1
        self._task = task
        return self._steps > IN_A_ROW
