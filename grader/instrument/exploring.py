"""Explores the schedules of a program until one loses or the budget is spent.

First random walks, every second one in a hurry, then (where that is wanted) schedules in which one task is late, then
PCT, then those in which what was put into a queue is late. A schedule that loses is played again as recorded: only one
that loses again is believed. Then it is made short and played once more, told in full (Step events), for the person who
has to understand it.
`lost` says whether a play looks like a loss, so that the search can end there; what decides are the checks, which read
the trace. Everything follows from the stage's seed: the same seed explores the same schedules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from grader.instrument.coordinator import SLOW, Coordinator, is_process
from grader.instrument.run import Run
from grader.instrument.stage import Stage
from grader.model import GaveUp, Scheduled, Step, say
from grader.schedule.segments import Schedule, written
from grader.schedule.shrinking import shrink
from grader.schedule.strategies import (
    Favour,
    Hurry,
    InStep,
    Laggard,
    Preemptions,
    Priorities,
    RandomWalk,
    Replay,
    Strategy,
    task_of,
)

RANDOM, PCT, DEPTH = 40, 20, 3
SHRINKS, PREEMPTIONS = 40, 16  # plays
CONFIRMATIONS = 3  # plays in which a find has to be met once more


@dataclass(frozen=True)
class Situation:
    """What is run: as of Stage.start. files: name → text before. keep: names of files wanted afterwards.

    feeds: the threads by which queues bring to their pipes what was put are tasks, too.
    """

    entry: str
    args: Any
    files: Mapping[str, str] = field(default_factory=dict)
    keep: Sequence[str] = ()
    feeds: bool = False


@dataclass(frozen=True)
class Played:
    """A scheduled run that has come to its end. steps: those of one that was told."""

    run: Run
    situation: Situation
    scheduled: Scheduled
    schedule: Schedule
    steps: tuple[Step, ...] = ()

    @property
    def args(self) -> Any:
        return self.situation.args

    @property
    def files(self) -> Mapping[str, str]:
        return self.situation.files

    @property
    def ended(self) -> bool:
        return self.scheduled.how == "ended"


# What kind of loss a play is, "" for none.
Lost = Callable[[Played], str]


class Explorer:
    """Plays scheduled runs on a stage. `with Explorer(stage) as explorer: …`"""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._coordinator: Coordinator | None = None
        self._plays = 0
        self._first: list[Played] = []  # the first play of each situation
        self._seed = f"{stage.rng.random()}"

    def __enter__(self) -> Explorer:
        if self._stage.watcher.available:
            self._coordinator = Coordinator(self._stage)
        else:
            self._stage.unproven("no /proc: schedules cannot be controlled")
        return self

    def __exit__(self, *_: object) -> None:
        if self._coordinator:
            self._coordinator.close()

    @property
    def possible(self) -> bool:
        """Whether schedules can be played here and now."""
        return self._coordinator is not None and not self._stage.over

    def play(self, situation: Situation, plan: str, strategy: Strategy, told: bool = False) -> Played:
        """One run of the situation under a strategy; `plan` names it in the trace."""
        assert self._coordinator, "no schedules here"
        self._plays += 1
        schedule = {"address": self._coordinator.address, "seed": self._seed, "told": told, "feeds": situation.feeds}
        run = self._stage.start(
            situation.entry,
            situation.args,
            name=f"schedule {self._plays}",
            files=dict(situation.files),
            keep=list(situation.keep),
            schedule=schedule,
        )
        scheduled, grants = self._coordinator.conduct(run, plan, strategy, told)
        if scheduled.how == "slow":
            self._stage.spent = self._stage.over = True
            self._stage.record(GaveUp(self._stage.now(), say("the next step").template, SLOW, run.name))
        return Played(run, situation, scheduled, grants, self._coordinator.told)

    def explore(
        self,
        situations: Sequence[Situation],
        lost: Lost,
        random: int = RANDOM,
        pct: int = PCT,
        lagging: Sequence[Situation] = (),
        in_step: Sequence[Situation] = (),
        feeding: Sequence[Situation] = (),
    ) -> Played | None:
        """The short losing play, or None. Situation i % n is played under schedule i.

        lagging: those of the situations in which, after the random walks, each task lags behind once; in_step: and
        those in which it does so while the others go one step each, in turn. feeding: more situations, in which what a
        process has put into a queue comes as late as can be, though the process itself is ahead of all others.
        """
        plans = self._plans(situations, random, pct, lagging, in_step)
        for situation, plan, strategy in chain(plans, self._late_feeders(feeding)):
            if not self.possible:
                return None
            played = self.play(situation, plan, strategy)
            if played.scheduled.how == "unfollowed":
                return None
            if not self._length(situation):
                self._first.append(played)
            found = (situation, lost(played), lost, played.schedule)
            if found[1] and self._confirmed(*found) and (short := self._tell(*found)):
                return short
        return None

    def _plans(
        self,
        situations: Sequence[Situation],
        random: int,
        pct: int,
        lagging: Sequence[Situation],
        in_step: Sequence[Situation],
    ) -> Iterator[tuple[Situation, str, Strategy]]:
        n = len(situations)
        turns = [situations[i % n] for i in range(random)]
        for i, situation in enumerate(turns):
            walk = Hurry if turns[:i].count(situation) % 2 else RandomWalk
            yield situation, f"random {i + 1}", walk(f"{self._seed}/{i}")
        for situation in lagging:
            for task in self._tasks(situation):
                yield situation, f"{task} lags behind", Laggard(task, RandomWalk(f"{self._seed}/{task}"))
        for situation in in_step:
            for task in self._tasks(situation):
                yield situation, f"{task} lags behind, the others go in step", Laggard(task, InStep())
        for i in range(random, random + pct):
            strategy = Priorities(f"{self._seed}/{i}", DEPTH, self._length(situations[i % n]))
            yield situations[i % n], f"pct {i - random + 1}", strategy

    def _late_feeders(self, feeding: Sequence[Situation]) -> Iterator[tuple[Situation, str, Strategy]]:
        for situation in feeding:
            yield situation, "random, with feeders", RandomWalk(f"{self._seed}/feeders")
            for task in self._tasks(situation):
                if not is_process(task):
                    owner = task.rpartition(".")[0] or "main"
                    yield situation, f"what {owner} has put lags behind", Laggard(task, Favour(owner))

    def _length(self, situation: Situation) -> int:
        """The steps that a run of it takes, about, which PCT has to know; 0 before it was first played."""
        return next((p.scheduled.steps for p in self._first if p.situation == situation), 0)

    def _tasks(self, situation: Situation) -> list[str]:
        """The tasks that have done something in a run of it, once it was played."""
        steps: Counter[str] = Counter()
        for segment in next((p.schedule for p in self._first if p.situation == situation), ()):
            steps[task_of(segment.task)] += segment.steps
        return [task for task, n in steps.items() if n > 1]

    def _loses(self, situation: Situation, kind: str, lost: Lost, schedule: Schedule, told: bool = False) -> bool:
        """Whether the schedule, played again, loses in the same way."""
        return self.possible and lost(self.play(situation, "replay", Replay(schedule), told)) == kind

    def _confirmed(self, situation: Situation, kind: str, lost: Lost, schedule: Schedule) -> bool:
        """Threads that nobody schedules (a Manager's, a queue's feeder) may make a replay miss by a step: once more."""
        return any(self._loses(situation, kind, lost, schedule) for _ in range(CONFIRMATIONS))

    def _fewer_switches(self, situation: Situation, kind: str, lost: Lost) -> Schedule | None:
        """A schedule that loses with one or two switches away from a task that could have gone on, if one is met."""
        for i in range(PREEMPTIONS):
            strategy = Preemptions(f"{self._seed}/{i}", 1 + i % 2, self._length(situation))
            played = self.play(situation, f"preemptions {i + 1}", strategy)
            if lost(played) == kind:
                return played.schedule
        return None

    def _tell(self, situation: Situation, kind: str, lost: Lost, schedule: Schedule) -> Played | None:
        few = self._fewer_switches(situation, kind, lost) or schedule
        short = shrink(min(few, schedule, key=len), lambda s: self._loses(situation, kind, lost, s), SHRINKS)
        for candidate in (short, *(schedule,) * CONFIRMATIONS):
            if self.possible:
                played = self.play(situation, f"replay {written(candidate)}", Replay(candidate), told=True)
                if lost(played) == kind:
                    return played
        return None
