"""Does a thread wait for good? Reads lines of /proc/<pid>/task/<tid>/syscall. Pure.

A thread that is blocked in recv, accept, a lock or a poll without a time-out wakes only if somebody acts. When every
thread of the student's side waits so and nothing is under way, nobody will: no deadline is needed to say it.
The lines come from the student's side; a lie can only make its own failure come sooner or later.
"""

from __future__ import annotations

import platform

NEVER = -1  # the call has no time-out at all
# system call → which argument holds the time-out: a pointer (null: none) or, for those in MILLISECONDS, a signed int.
CALLS = {
    "x86_64": {
        0: NEVER, 1: NEVER, 19: NEVER, 34: NEVER, 42: NEVER, 43: NEVER, 44: NEVER, 45: NEVER, 46: NEVER, 47: NEVER,
        61: NEVER, 73: NEVER, 247: NEVER, 288: NEVER, 7: 2, 23: 4, 202: 3, 232: 3, 270: 4, 271: 2, 281: 3,
    },
    "aarch64": {
        63: NEVER, 64: NEVER, 65: NEVER, 95: NEVER, 202: NEVER, 203: NEVER, 206: NEVER, 207: NEVER, 211: NEVER,
        212: NEVER, 242: NEVER, 260: NEVER, 32: NEVER, 22: 3, 72: 4, 73: 2, 98: 3,
    },
}  # fmt: skip
MILLISECONDS = {"x86_64": {7, 232, 281}, "aarch64": {22}}


def for_good(lines: list[str], machine: str = platform.machine()) -> bool:
    """Every thread waits without a time-out. False where that is not known."""
    return bool(lines) and all(_untimed(*_call(line), machine) for line in lines)


def all_wait(lines: list[str]) -> bool:
    """No thread runs. The kernel has written each line when the thread had left the processor, or else "running"."""
    return not any(line.startswith("running") for line in lines)


def time_outs(lines: list[str], machine: str = platform.machine()) -> list[float]:
    """Seconds: those time-outs that stand in the call itself (poll and epoll_wait have them there, select has not)."""
    milliseconds = MILLISECONDS.get(machine, set())
    calls = [(c, arguments) for c, arguments in map(_call, lines) if c in milliseconds and len(arguments) == 6]
    values = [arguments[CALLS[machine][c]] & 0xFFFFFFFF for c, arguments in calls]
    return [ms / 1000 for ms in values if ms < 1 << 31]


def _call(line: str) -> tuple[int, list[int]]:
    """The number and the six arguments of a system call; (-1, []) for a thread that is in none, or runs."""
    words = line.split()
    try:
        return int(words[0]), [int(w, 16) for w in words[1:7]]
    except (ValueError, IndexError):
        return -1, []


def _untimed(call: int, arguments: list[int], machine: str) -> bool:
    which = CALLS.get(machine, {}).get(call)
    if which is None or len(arguments) < 6:
        return False
    if which == NEVER:
        return True
    if call in MILLISECONDS.get(machine, ()):
        return arguments[which] & 0xFFFFFFFF == 0xFFFFFFFF
    return arguments[which] == 0
