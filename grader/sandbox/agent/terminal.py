"""A run's terminal, and who waits for what is typed there.

A person types when a program asks. Here that moment is one that the kernel shows: a thread sleeps in a system call
that waits for something to read, and the terminal is among what it waits for.
"""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import re
import select
import struct
import sys
import termios

from .kernel import call_of, links_to, listed, memory, slurp, times_slept

# What a thread that waits to read waits in, by machine and number of the system call.
READS = {
    "x86_64": {0: "read", 19: "read", 7: "poll", 271: "poll", 23: "select", 270: "select", 232: "epoll", 281: "epoll"},
    "aarch64": {63: "read", 65: "read", 73: "poll", 72: "select", 22: "epoll"},
}
WATCHED = re.compile(r"^tfd:\s*(\d+)\s+events:\s*([0-9a-f]+)", re.MULTILINE)


class Terminal:
    """A pseudo-terminal with a run on the one side and the agent, in a person's place, on the other.

    Nothing is echoed, and what is printed comes as it was printed. It is nobody's controlling terminal: a run that ends
    sends no SIGHUP to what it leaves behind, as none of a person's programs does while the window stays open.
    """

    def __init__(self) -> None:
        self.ours, self.theirs = os.openpty()
        self.name = os.ttyname(self.theirs)
        self._spare = os.open(self.name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)  # keeps it open between two users
        settings = termios.tcgetattr(self.theirs)
        settings[1] &= ~termios.OPOST
        settings[3] &= ~(termios.ECHO | termios.ECHONL)
        termios.tcsetattr(self.theirs, termios.TCSANOW, settings)
        self.text = codecs.getincrementaldecoder("utf-8")("replace")

    def rest(self) -> bytes:
        """All that was printed until now. The kernel passes it on in its own time but in order: a mark of ours shows
        that what came before it is here."""
        mark, data = b"\0" + os.urandom(8).hex().encode() + b"\0", b""
        with contextlib.suppress(BlockingIOError):
            os.write(self._spare, mark)
            waiting = select.poll()
            waiting.register(self.ours, select.POLLIN)
            while mark not in data and waiting.poll(1000):
                data += os.read(self.ours, 65536)
        return data.replace(mark, b"", 1)

    def pending(self) -> int:
        """Bytes that were typed and not read yet."""
        return int.from_bytes(fcntl.ioctl(self._spare, termios.FIONREAD, bytes(4)), sys.byteorder)

    def close(self) -> None:
        os.close(self._spare)


def terminal_readers(pid: int, terminal: str) -> list[list[int]]:
    """The threads of a process that sleep until something can be read from the terminal.

    [thread, how often it has slept, 1 where it waits for other things as well and 0 where for nothing else]
    """
    found = []
    with contextlib.suppress(OSError, ValueError):
        fds = {int(fd) for fd in listed(f"/proc/{pid}/fd") if links_to(f"/proc/{pid}/fd/{fd}", terminal)}
        for tid in listed(f"/proc/{pid}/task") if fds else ():
            before = times_slept(pid, tid)
            watched = awaited(pid, call_of(pid, tid))
            if watched & fds and times_slept(pid, tid) == before:
                found.append([int(tid), before, int(not watched <= fds)])
    return found


def awaited(pid: int, call: list[str]) -> set[int]:
    """The descriptors that a thread waits to read from. call: the words of /proc/<pid>/task/<tid>/syscall."""
    kind = READS.get(os.uname().machine, {}).get(int(call[0]) if len(call) > 2 else -1)
    if kind is None:
        return set()
    first, second = int(call[1], 16), int(call[2], 16)
    if kind == "read":
        return {first}
    if kind == "poll":
        return {
            fd for fd, events, _ in struct.iter_unpack("ihh", memory(pid, first, 8 * min(second, 1024))) if events & 1
        }
    if kind == "epoll":
        return {int(fd) for fd, events in WATCHED.findall(slurp(f"/proc/{pid}/fdinfo/{first}")) if int(events, 16) & 1}
    bits = int.from_bytes(memory(pid, second, (min(first, 1024) + 7) // 8), "little") if second else 0
    return {fd for fd in range(min(first, 1024)) if bits >> fd & 1}
