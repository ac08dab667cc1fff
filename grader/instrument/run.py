"""A run: one start of the student's code in a process of its own, as far as it was heard of.

Rule 1: a run takes note of what the stage tells it and waits by the stage's one wait; it touches no process itself.
Rule 2: what was said about it is kept apart by what it proves: outcomes are the code's own words, `dead` and `recorded`
are the recorder's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from grader.instrument.console import Console
from grader.instrument.waiting import IDLE_AFTER
from grader.model import (
    Called,
    Died,
    Event,
    Exited,
    Forked,
    Kept,
    Left,
    Raised,
    Recorded,
    Returned,
    Shown,
    Signalled,
    Stack,
    Started,
)

if TYPE_CHECKING:
    from grader.instrument.stage import Stage

STARTING = 6.0  # seconds of computing that processes may take to start and to end, on a busy machine


class Run:
    """A process of the student's code, as far as it was heard of. patience, clocked, rounds: as in Stage.until."""

    def __init__(self, stage: Stage, name: str, entry: str) -> None:
        self.name, self.entry, self.pid = name, entry, 0
        self.asked = stage.now()  # when it was asked for
        self.stopped = False  # by us
        self.calls: list[Called] = []
        self.outcomes: list[Returned | Raised] = []
        self.exited: Exited | None = None
        self.kept: dict[str, Kept] = {}
        self.stack: Stack | None = None
        self.console = Console(stage, self)
        self.recording, self.recorded = False, None  # type: bool, Recorded | None
        self.left = False  # the main code of a recorded run has ended
        self.dead: set[int] = set()  # processes of a recorded run that have died
        self._stage = stage

    def hear(self, event: Event) -> Event | None:
        """Takes note of what was said of it. The event as it belongs into the trace; None where it does not."""
        match event:
            case Started():
                self.pid = event.pid
                return Started(self.asked if self.recording else event.at, event.run, self.entry, event.pid)
            case Called():
                self.calls.append(event)
            case Returned() | Raised():
                self.outcomes.append(event)
            case Exited():
                self.exited = event
            case Shown():
                self.console.hear(event.text)
            case Kept():
                self.kept[event.name] = event
            case Stack():
                self.stack = event
                return None
            case Left():
                self.left = True
            case Forked():
                self.dead.discard(event.pid)
            case Died():
                self.dead.add(event.pid)
            case Recorded():
                self.recorded = self.recorded or event
                if self.stopped and not event.whole:
                    return None
        return event

    def wait(self, patience: float = IDLE_AFTER, clocked: bool = False) -> bool:
        """Until the run's process has ended."""
        return self._stage.until(lambda: self.exited is not None, "exit", self, patience=patience, clocked=clocked)

    def wait_outcomes(self, count: int, patience: float = IDLE_AFTER) -> bool:
        """Until `count` calls into the student's code have returned or raised."""
        return self._stage.until(lambda: len(self.outcomes) >= count, "return", self, patience=patience)

    def wait_record(self, patience: float = IDLE_AFTER, rounds: int = 0) -> bool:
        """Until no process of a recorded run is left, its first one and all that descend from it."""
        return self._until(lambda: self.recorded is not None, "gone", None, patience, rounds)

    def wait_left(self) -> bool:
        """Until the main code of a recorded run has ended."""
        return self._until(lambda: self.left or self.recorded is not None, "left", self)

    def wait_dead(self, pid: int, patience: float = IDLE_AFTER, rounds: int = 0) -> bool:
        """Until this process of a recorded run has died."""
        return self._until(lambda: pid in self.dead or self.recorded is not None, "died", None, patience, rounds)

    def _until(
        self,
        done: Callable[[], bool],
        waiting_for: str,
        run: Run | None,
        patience: float = IDLE_AFTER,
        rounds: int = 0,
    ) -> bool:
        """On a busy machine a process takes its time to start and to end, and every line of the record is progress."""
        return self._stage.until(done, waiting_for, run, moving=True, patience=patience, effort=STARTING, rounds=rounds)

    def signal(self, name: str) -> None:
        """name: "SIGINT", "SIGTERM", "SIGKILL", …"""
        self._stage.record(Signalled(self._stage.now(), self.name, name))
        self._stage.tell({"op": "signal", "run": self.name, "signal": name})

    def stop(self) -> None:
        """Kills the run with all its descendants."""
        self.stopped = True
        self._stage.tell({"op": "stop", "run": self.name})
        self._stage.until(lambda: self.exited is not None, "stop", None)
