"""What the kernel tells of processes and their threads (/proc), and what it is asked to do with them (prctl(2)).

Where the system has neither, nothing is found and nothing is done.
"""

from __future__ import annotations

import contextlib
import os
import sys


def descendants(root: int | None, of: set[int]) -> set[int]:
    """Pids below `of`, and below `root` itself where one is given. Empty where there is no /proc."""
    parents = {}
    for pid in (int(name) for name in listed("/proc") if name.isdigit()):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = slurp(f"/proc/{pid}/stat").rsplit(")", 1)[1].split()
            if fields[0] not in "ZX" or int(fields[17]) > 1:  # a first thread may be dead while others live
                parents[pid] = int(fields[1])
    found: set[int] = set()
    frontier = of | ({root} if root else set())
    while frontier:
        frontier = {pid for pid, parent in parents.items() if parent in frontier} - found
        found |= frontier
    return found


def call_of(pid: int, tid: str) -> list[str]:
    """The system call that a thread sleeps in: its number, its arguments; ["running"]; [] where that is not told."""
    try:
        return slurp(f"/proc/{pid}/task/{tid}/syscall").split()
    except OSError:
        return []


def memory(pid: int, address: int, size: int) -> bytes:
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as f:
        f.seek(address)
        return f.read(size)


def links_to(path: str, target: str) -> bool:
    try:
        return os.readlink(path) == target
    except OSError:
        return False


def times_slept(pid: int, tid: str) -> int:
    return int(slurp(f"/proc/{pid}/task/{tid}/status").partition("\nvoluntary_ctxt_switches:")[2].split()[0])


def listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def slurp(path: str) -> str:
    """Without what io costs: of /proc much is read."""
    content, fd = b"", os.open(path, os.O_RDONLY)
    try:
        while piece := os.read(fd, 65536):
            content += piece
    finally:
        os.close(fd)
    return content.decode("utf-8", "replace")


def prctl(option: int, value: int) -> None:
    """Where the system has it."""
    if sys.platform == "linux":
        with contextlib.suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.pythonapi.prctl(option, value, 0, 0, 0)


def adopt_orphans() -> None:
    prctl(36, 1)  # PR_SET_CHILD_SUBREAPER


def set_dumpable(yes: bool) -> None:
    """Whether other processes of the same uid may trace this one and open its descriptors; children inherit it."""
    prctl(4, int(yes))  # PR_SET_DUMPABLE
