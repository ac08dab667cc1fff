"""When waiting has become hopeless: proofs that what is waited for will not come, and the deadlines behind them.

Quiet: every thread of the student's side sleeps, none has run since, nothing is under way. Where all of them are in
waits without a time-out a quarter of a second shows it; a program that looks now and then whether there is work
(select with a time-out) must do nothing else for longer. A fence makes sure that nothing it had said is still on its
way to us. Where nothing stirs at all but some wait has a time-out still to come (sleep(3)), Quiet is marked `timed`.
PassedOver: a program that never rests (it polls) goes on answering a bystander, a client that the script may have put
there for this (`Stage.bystander`), and does nothing else. A timed Quiet, PassedOver, Busy and GaveUp are deadlines, no
proofs, and `run.py` has the case played again with more time.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from grader.instrument.procfs import Task, asleep, busiest, idle, rounds
from grader.model import Busy, GaveUp, PassedOver, Quiet

if TYPE_CHECKING:
    from grader.instrument.run import Run
    from grader.instrument.stage import Stage

ASLEEP_AFTER = 0.25  # seconds without a single context switch, all threads in waits without a time-out
IDLE_AFTER = 2.0  # seconds of doing nothing where some wait has a time-out, or where the waits cannot be seen
BUSY_AFTER = 2.0  # seconds without a pause in which nothing came of it
WORKED = 0.2  # seconds of these that it must have had the processor: one that is kept waiting for it is not busy
RESTLESS_AFTER = 0.1  # seconds in which a program was not idle and nothing came of it
TURNS = 5  # of a bystander: so often the program has surely gone round its loop
PASSED_OVER_AFTER = 0.5  # seconds that these turns must have taken at least
STOOD_STILL = (
    0.5  # seconds between two of our own looks: the machine did not run us, so the student's rest proves nothing
)
DEADLINE = 10.0  # seconds; only ever reached on failure
LONGEST = 30.0  # seconds, also where it comes bit by bit: a program that never ends must not stop a batch
CIRCLING_AFTER = 1.5  # seconds for which a program may go round, however fast it does


class Wait:
    """One wait of a stage. patience, effort, moving, clocked, rounds: as in Stage.until."""

    def __init__(
        self,
        stage: Stage,
        waiting_for: str,
        run: Run | None,
        patience: float,
        moving: bool = False,
        clocked: bool = False,
        effort: float = BUSY_AFTER,
        rounds: int = 0,
    ) -> None:
        self._stage, self._waiting_for, self._run = stage, waiting_for, run
        self._patience, self._effort = patience, effort
        self._began = self._since = self._busy_since = time.monotonic()
        self._tasks: tuple[Task, ...] = ()
        self._busy_tasks: tuple[Task, ...] = ()
        self._seen, self._busy_seen = -1, (-1, 0)
        self._looked = self._moved = self._began
        self._moving, self._last = moving, stage.progress()
        self._clocked, self._rounds = clocked, rounds
        self._circled: tuple[Task, ...] = ()
        self._circled_seen, self._circled_since = -1, self._began
        self._timed = clocked  # some wait has a time-out: only the longer window can show that nothing goes on
        self._turns = Turns(stage)

    def hopeless(self) -> Quiet | PassedOver | Busy | GaveUp | None:
        """What shows that it will not come, or that nobody waits longer; not yet in the trace."""
        now, stage = time.monotonic(), self._stage
        if now - self._looked < 0.05:
            return None
        if now - self._looked > STOOD_STILL:
            self._tasks = self._busy_tasks = ()
        self._looked = now
        if self._moving and self._last != stage.progress():
            self._moved, self._last = now, stage.progress()
        if now - self._moved > DEADLINE * stage.pace() or now - self._began > LONGEST * stage.pace():
            return self._give_up(now)
        if not stage.watcher.available:
            return None
        return self._idle(now) or self._passed_over(now) or self._circling(now) or self._busy(now)

    def _idle(self, now: float) -> Quiet | None:
        stage, tasks, seconds = self._stage, self._stage.watcher.tasks(), now - self._since
        if stage.progress() != self._seen or not idle(self._tasks, tasks, seconds):
            self._tasks, self._since, self._seen = tasks, now, stage.progress()
            return None
        soundly = asleep(self._tasks, tasks)
        patience = self._patience * stage.pace()
        if seconds < (ASLEEP_AFTER if soundly and not self._timed else patience):
            return None
        heard = stage.progress()
        if seconds < patience:
            self._timed = not stage.waits_for_good()
            if self._timed:
                return None
        if stage.under_way() or not stage.fence() or stage.progress() != heard:
            self._since = now
            return None
        timed = soundly and self._timed and not (self._clocked and stage.waits_for_good())
        name = self._run.name if self._run else ""
        return Quiet(stage.now(), name, self._waiting_for, stage.where(self._run), timed)

    def _passed_over(self, now: float) -> PassedOver | None:
        stage, turns = self._stage, self._turns
        taken, seconds = turns.taken(now, stage.progress()), now - turns.since
        if taken < TURNS or seconds < PASSED_OVER_AFTER * stage.pace():
            return None
        run = self._run.name if self._run else ""
        return PassedOver(stage.now(), run, self._waiting_for, taken, round(seconds, 3))

    def _busy(self, now: float) -> Busy | None:
        stage, seen = self._stage, (self._stage.progress(), self._turns.answers)
        if not self._busy_tasks or seen != self._busy_seen:
            self._busy_tasks, self._busy_since, self._busy_seen = self._tasks, now, seen
            return None
        seconds = now - self._busy_since
        if seconds < self._effort * stage.pace():
            return None
        tasks = stage.watcher.tasks()
        if worked(self._busy_tasks, tasks) < WORKED:
            return None
        share = busiest(self._busy_tasks, tasks, seconds)
        self._busy_tasks, self._busy_since = (), now
        if share <= 0.9:
            return None
        run, where = self._run.name if self._run else "", stage.where(self._run)
        return Busy(stage.now(), run, round(share, 3), round(seconds, 3), where)

    def _circling(self, now: float) -> GaveUp | None:
        if not self._rounds:
            return None
        tasks, seen = self._stage.watcher.tasks(), self._stage.progress()
        if seen != self._circled_seen:
            self._circled, self._circled_since, self._circled_seen = tasks, now, seen
        seconds, pace = now - self._circled_since, self._stage.pace()
        turns = rounds(self._circled, tasks, seconds) if seconds >= CIRCLING_AFTER * pace else 0
        return self._give_up(now, turns) if turns >= self._rounds * pace and turns else None

    def _give_up(self, now: float, turns: int = 0) -> GaveUp:
        stage, run = self._stage, self._run
        seconds = round(now - self._began, 3)
        return GaveUp(stage.now(), self._waiting_for, seconds, run.name if run else "", stage.where(run), turns)


class Turns:
    """Counts the turns of the stage's bystander while a program works and nothing comes of it.

    A program that rests is not asked, because the question would wake it.
    """

    def __init__(self, stage: Stage) -> None:
        self.since = time.monotonic()  # nothing has come of it since then
        self.answers = 0  # that the bystander has had in all, so far
        self._stage = stage
        self._tasks: tuple[Task, ...] = ()
        self._state: object = None
        self._first: int | None = None  # turns that had been taken when we began to count

    def taken(self, now: float, state: object) -> int:
        """Turns since `state` last changed; 0 where there is no bystander."""
        stage = self._stage
        if stage.bystander is None:
            return 0
        if state != self._state or not self._tasks:
            self._begin(now, state)
        elif self._first is not None:
            self.answers = stage.bystander()
            return self.answers - self._first
        elif now - self.since >= RESTLESS_AFTER:
            if idle(self._tasks, stage.watcher.tasks(), now - self.since):
                self._begin(now, state)
            else:
                self._first = stage.bystander()
        return 0

    def _begin(self, now: float, state: object) -> None:
        self._tasks, self.since, self._state, self._first = self._stage.watcher.tasks(), now, state, None


def worked(before: tuple[Task, ...], after: tuple[Task, ...]) -> float:
    """Seconds for which the thread that ran most has run between two readings."""
    old = {(t.pid, t.tid): t.ran for t in before}
    return max(((t.ran - old[t.pid, t.tid]) / 1e9 for t in after if (t.pid, t.tid) in old), default=0.0)
