"""Who descends from whom, and which processes count as the student's. Pure.

The rows are those of /proc/<pid>/status. A process may give itself any name, but its name stands first in the file, so
a row that it forges there is overwritten by the kernel's own.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.model import Seen


def below(root: int, parents: Mapping[int, int]) -> set[int]:
    """All that descend from `root`. parents: pid → its parent's."""
    found: set[int] = set()
    frontier = {root}
    while frontier := {p for p, parent in parents.items() if parent in frontier} - found:
        found |= frontier
    return found


def seen(status: Mapping[int, Mapping[str, str]], agent: int, alone: bool) -> tuple[Seen, ...]:
    """The processes below the agent; where ours is `alone` with the student's, all but itself. Tracers are left out."""
    tracers = {int(rows["TracerPid"]) for rows in status.values()}
    parents = {pid: int(rows["PPid"]) for pid, rows in status.items()}
    theirs = set(parents) - {1} if alone else below(agent, parents)
    return tuple(_seen(pid, status[pid]) for pid in sorted(theirs - tracers - {agent}))


def _seen(pid: int, rows: Mapping[str, str]) -> Seen:
    """A process whose first thread is dead lives on in its others."""
    threads, state = int(rows.get("Threads", 1)), rows["State"][0]
    return Seen(pid, int(rows["PPid"]), "S" if state == "Z" and threads > 1 else state, threads)
