"""Have all threads come to rest? Read from /proc, cheaply: this is asked several times for every step of a schedule.

A thread rests when it sleeps (S) and its two counters of context switches are those of the look before. A single look
cannot tell a thread that waits from one that is about to run: whatever wakes a thread makes it R at once, and whatever
has run since shows in the counters. One that has to give way to others on its way to sleep is in state S, too, perhaps
for long, and may find at once what it is about to wait for. But since it was last known to sleep it was then made to
stop, and has not done so by itself; where it has done both, in whichever order, only the agent can tell.

A thread that has died (X) does not rest until it is buried: only then is the end of its process told to the parent,
which looks asleep until then. `status` is readable across the pod's containers.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

Mark = tuple[bytes, bytes]  # state letter, the counters as they stand there
Marks = dict[tuple[int, int], Mark]

AWAKE = b"R"
NEW: Mark = AWAKE, b""


class Threads:
    """Looks at threads of some processes. Open files are kept until `forget`."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._open: dict[tuple[int, int], int] = {}

    def look(self, pid: int, tids: Iterable[int]) -> Marks:
        """The marks of these threads; those that are gone, and a process that waits for its parent, are left out."""
        found: Marks = {}
        for tid in tids:
            mark = self.mark(pid, tid)
            if mark and mark[0] != b"Z":
                found[pid, tid] = mark
        return found

    def mark(self, pid: int, tid: int) -> Mark | None:
        try:
            fd = self._open.get((pid, tid))
            if fd is None:
                fd = self._open[pid, tid] = os.open(f"{self._root}/{pid}/task/{tid}/status", os.O_RDONLY)
            text = os.pread(fd, 4096, 0)
        except OSError:
            return None
        at = text.find(b"\nState:\t") + 8
        return text[at : at + 1], text[text.rfind(b"\nvoluntary") :]

    def forget(self) -> None:
        for fd in self._open.values():
            os.close(fd)
        self._open.clear()


def resting(marks: Marks, known: Marks) -> bool:
    """No thread runs, wants to, or waits for a disk. known: the marks with which they were last known to sleep."""
    return all(state in b"StTI" for state, _ in marks.values()) and not any(
        _only_stopped(known.get(thread), mark) for thread, mark in marks.items()
    )


def surely_asleep(marks: Marks, known: Marks) -> bool:
    """Whether the counters say that of resting threads: nobody has been made to stop since."""
    return all(
        mark == known.get(thread) or switches(mark)[1] == switches(known.get(thread, NEW))[1]
        for thread, mark in marks.items()
    )


def _only_stopped(before: Mark | None, now: Mark) -> bool:
    """It has run since, and has not gone to sleep by itself."""
    return before is not None and before != now and switches(before)[0] == switches(now)[0]


def switches(mark: Mark) -> tuple[int, int]:
    """How often a thread has gone to sleep by itself, and has been made to stop; 0 where the kernel does not say it."""
    words = mark[1].split()
    return (int(words[1]), int(words[3])) if len(words) == 4 else (0, 0)
