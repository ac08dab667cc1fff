"""How much of a command's time passes in which nobody does anything.

All threads of the command and of everything below it (the grader, and in `process` isolation instrument, agent and the
student's program) are read every few milliseconds from outside, /proc/<pid>/task/<tid>/schedstat: how long each has had
a processor or wanted one. What is left of the time between two readings is asleep: nobody ran, and nobody was ready to.

So asleep is: whatever our side lets pass on purpose (the moment in which a program must not stir, the window in which a
busy loop would show), and the clocks that an exercise itself sets (five seconds for a digest, one for an answer).
Waiting for somebody who works is not: that one runs. Two that work at once count once. Where a thread is born or dies
between two readings, or is found ready to run (how long it has been is known only when it gets a processor), all of the
time between them counts as work.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

INTERVAL = 0.003  # seconds between two readings
Threads = Mapping[str, tuple[str, int]]  # thread → its state letter, and nanoseconds that it ran or was ready to


def share(arguments: Sequence[str | Path], folder: Path) -> float:
    """Runs a command; the percentage of its time in which all of it slept."""
    began = time.monotonic()
    slept, before, at = 0.0, {}, began  # type: float, Threads, float
    with subprocess.Popen([*map(str, arguments)], stdout=subprocess.DEVNULL, cwd=folder) as command:
        family = Family(command.pid)
        while command.poll() is None:
            time.sleep(INTERVAL)
            now, after = time.monotonic(), family.threads()
            slept += asleep(before, after, now - at)
            before, at = after, now
    if command.returncode:
        raise SystemExit(f"{command.args} has failed")
    return 100 * slept / (time.monotonic() - began)


def asleep(before: Threads, after: Threads, seconds: float) -> float:
    """So much of the time between two readings."""
    if before.keys() != after.keys() or any(state in "RD" for state, _ in (*before.values(), *after.values())):
        return 0.0
    return max(0.0, seconds - sum(after[t][1] - before[t][1] for t in after) / 1e9)


class Family:
    """A process and all that descend from it. Who is a stranger is asked once."""

    def __init__(self, root: int) -> None:
        self._members, self._strangers = {root}, set[int]()

    def threads(self) -> Threads:
        there = {int(entry.name) for entry in os.scandir("/proc") if entry.name.isdecimal()}
        self._members &= there
        self._strangers &= there
        for pid in sorted(there - self._members - self._strangers):  # parents first
            (self._members if _parent(pid) in self._members else self._strangers).add(pid)
        return {tid: reading for pid in self._members for tid, reading in _tasks(pid)}


def _parent(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(_read(f"/proc/{pid}/stat").rpartition(")")[2].split()[1])
    return 0


def _tasks(pid: int) -> Iterator[tuple[str, tuple[str, int]]]:
    with contextlib.suppress(OSError):  # it has ended meanwhile
        for task in os.scandir(f"/proc/{pid}/task"):
            state = _read(f"{task.path}/stat").rpartition(")")[2][1]
            ran, waited, _ = _read(f"{task.path}/schedstat").split()
            yield task.name, (state, int(ran) + int(waited))


def _read(path: str) -> str:
    return Path(path).read_text()
