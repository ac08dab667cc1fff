"""The terminal of a run, and the person at it: what the program has shown there, and lines typed when it asks for one.

Rule 1: a line is typed only after proof that the program waits for it: one of its threads sleeps in a read of the
terminal, or in a poll, select or epoll that watches it, and has done so anew since the last line was typed. A program
that waits for something else is found out as in any other wait (Quiet), and nothing is typed at it. One that watches
terminal and sockets all the time is always ready: a script sees to it that it has read what was sent to it (`drained`).
Rule 2: before such a proof is recorded (Asked), all that the program had printed is here (Shown): the order of printing
and asking is that of the trace. Where a system does not tell what threads wait for, lines are typed when all is quiet;
the trace then says that nothing is proved, and has no Asked.
Rule 3: prompts, colours and greetings are the program's own business. Only `shows` looks at what is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.instrument.hearsay import Reader, readers_of
from grader.model import Asked, InputEnded, Typed
from grader.wire.terminal import whole_lines

if TYPE_CHECKING:
    from grader.instrument.run import Run
    from grader.instrument.stage import Stage

LONGEST = 4000  # bytes: a terminal takes no longer lines
CTRL_D = "\x04"
UNTOLD = 50  # looks at which nothing is told; a process that begins or ends tells nothing for a moment
QUIET = 0.2  # seconds of rest after which we type where nothing can be proved


class Console:
    """shown: all that the run has printed on its terminal so far, as it was printed."""

    def __init__(self, stage: Stage, run: Run) -> None:
        self.shown = ""
        self._stage, self._run = stage, run
        self._read = 0  # so many lines have been read by `shows`
        self._readers: set[Reader] = set()  # those that wait for a line now
        self._answered: set[Reader] = set()  # those that have been given one
        self._untold = 0  # looks at which the system told nothing

    def hear(self, text: str) -> None:
        """The program has printed this. Told by the stage."""
        self.shown += text

    def asks(self) -> bool:
        """Waits until the program waits for a line. False: it will not, and the trace says why."""
        if not self._stage.until(self.waits, "line", self._run, polling=True):
            return False
        if self._readers:
            self._stage.record(Asked(self._stage.now(), self._run.name))
        return True

    def type(self, line: str) -> bool:
        """Types a line when the program waits for one; False where it never does."""
        if len(line.encode()) > LONGEST or "\n" in line:
            raise ValueError(f"no line for a terminal: {line[:40]!r}")
        asked = self.asks()
        if asked:
            self._stage.record(Typed(self._stage.now(), self._run.name, line))
            self._enter(line + "\n")
        return asked

    def end(self) -> bool:
        """Types Ctrl-D when the program waits for a line; False where it never does."""
        asked = self.asks()
        if asked:
            self._stage.record(InputEnded(self._stage.now(), self._run.name))
            self._enter(CTRL_D)
        return asked

    def shows(self, text: str) -> bool:
        """Waits until the program has printed a line that ends with this text, below what was found the last time."""

        def found() -> bool:
            lines = whole_lines(self.shown)
            for number in range(self._read, len(lines)):
                if lines[number].endswith(text):
                    self._read = number + 1
                    return True
            return False

        return self._stage.until(found, "print", self._run)

    def waits(self, *, alone: bool = False) -> bool:
        """Whether the program waits for a line now. alone: and for nothing else, so that it must have asked for one."""
        self._readers = set()
        watcher = self._stage.watcher
        if self._run.exited or (watcher.available and not any(t.state == "S" for t in watcher.tasks())):
            return False  # a look of our own is cheaper than a question to the agent
        answer = self._stage.ask("readers", "readers", run=self._run.name) or {}
        self._stage.tells_waits |= answer.get("known") is True
        self._untold += answer.get("known") is False and not self._stage.tells_waits
        if self._untold >= UNTOLD and not self._stage.tells_waits and not self._run.exited:
            self._stage.unproven("the system does not tell when the program waits for a line: typed after a delay")
            return self._stage.settle(QUIET, at_most=10 * QUIET)
        self._readers = readers_of(answer) - self._answered
        return any(not shared for _, _, shared in self._readers) if alone else bool(self._readers)

    def _enter(self, data: str) -> None:
        self._answered = self._readers
        self._stage.tell({"op": "type", "run": self._run.name, "data": data})
