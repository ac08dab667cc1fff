"""The recorder: every fork, exec, kill, end and reap of one run's processes, in the kernel's own order. Linux.

It is a process of its own, forked by the agent beside the run, and a tracer (ptrace(2)). Polling /proc misses children
that live for milliseconds and never sees who reaped them; a tracer is told of each by the kernel, which keeps the
process stopped until the tracer has taken note. So a line written here is older than anything that the process, or
whoever it tells, does next: `t` (CLOCK_MONOTONIC, the same clock as the instrument's) orders a record among all else.

Rule 1: nothing is lost. Every new process is traced from its first instruction on; a run that cannot be traced says so.
Rule 2: nothing can be forged or switched off. Reports of the run pass through here: its descriptor 3 leads nowhere, and
what it writes there is read out of its memory. In a pod recorder and agent are not dumpable, so code under their uid
can neither trace them nor open their descriptors. It can kill the recorder, and then the kernel kills the whole run.
Rule 3: as few stops as possible. A seccomp filter lets every call run at full speed but for those few that matter.

Lines:  forked {pid, by}  execed {pid, argv}  killed {pid, by, signal}  died {pid, code, signal}  reaped {pid, by}
        unrecorded {error}  and the run's own reports; each with {t, recorded}: 1 if the recorder says so, else 0
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import platform
import signal
import struct
import time

from .lines import REPORT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from socket import socket
    from typing import Any

MOST = 16 * 1024 * 1024  # bytes of one report
WORDS, WORD = 16, 200  # of an argv
TOGETHER = 0.002  # seconds

CALLS = {  # number → name, of the calls at which a process is stopped
    "x86_64": {1: "write", 61: "wait4", 247: "waitid", 62: "kill", 200: "tkill", 234: "tgkill", 424: "pidfd"},
    "aarch64": {64: "write", 260: "wait4", 95: "waitid", 129: "kill", 130: "tkill", 131: "tgkill", 424: "pidfd"},
}
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_* of <linux/audit.h>

# <sys/ptrace.h>
CONT, SYSCALL, GETEVENTMSG, SEIZE, LISTEN, GET_SYSCALL_INFO = 7, 24, 0x4201, 0x4206, 0x4208, 0x420E
FORK, VFORK, CLONE, EXEC, SECCOMP, STOP = 1, 2, 3, 4, 7, 128
OPTIONS = 1 | sum(1 << event for event in (FORK, VFORK, CLONE, EXEC, SECCOMP)) | 1 << 20  # TRACESYSGOOD, EXITKILL
SYSTEM_CALL = signal.SIGTRAP | 0x80
ALL = 0x40000000  # __WALL: threads as well
NOWAIT = 0x01000000
# <sys/prctl.h>
SET_NO_NEW_PRIVS, SET_SECCOMP, SET_PTRACER = 38, 22, 0x59616D61

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long
libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_void_p] * 4]


# --- in the run ---------------------------------------------------------------------------------------------------


def be_recorded(line: socket) -> None:
    """Called by the run before anything else; returns when it is traced, or when it is clear that it cannot be."""
    libc.prctl(SET_PTRACER, ctypes.c_void_p(-1), None, None, None)  # where Yama asks for it
    line.send(b"?")
    if line.recv(1):
        install_filter()
    line.close()


def install_filter() -> None:
    """From now on the calls in CALLS stop this process and its descendants, `write` only where it is a report."""
    numbers = CALLS[platform.machine()]
    write, *others = numbers
    load, equal, answer, trace, allow = 0x20, 0x15, 0x06, 0x7FF00000, 0x7FFF0000
    program = [(load, 0, 0, 4), (equal, 0, len(others) + 2, ARCHITECTURES[platform.machine()]), (load, 0, 0, 0)]
    program += [(equal, len(others) - i + 4, 0, number) for i, number in enumerate(others)]
    program += [(equal, 1, 0, write), (answer, 0, 0, allow)]
    program += [(load, 0, 0, 16), (equal, 1, 0, REPORT), (answer, 0, 0, allow), (answer, 0, 0, trace)]
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("@HP", len(program), ctypes.addressof(buffer))
    libc.prctl(SET_NO_NEW_PRIVS, 1, None, None, None)
    if libc.prctl(SET_SECCOMP, 2, header, None, None):
        raise OSError(ctypes.get_errno(), "the system calls cannot be filtered")


# --- in the recorder's process --------------------------------------------------------------------------------------


def record(pid: int, out: int, line: socket) -> int:
    """Follows a run and all that descends from it until nothing of it is left. 0: nothing was missed."""
    with line:
        line.recv(1)
        if platform.machine() not in CALLS or libc.ptrace(SEIZE, pid, None, OPTIONS) < 0:
            words = {"op": "unrecorded", "error": os.strerror(ctypes.get_errno()), "t": 0, "recorded": 1}
            os.write(out, json.dumps(words).encode() + b"\n")
            return 1
        line.send(b"!")
    Recorder(pid, out).follow()
    return 0


class Recorder:
    """The tracer of one run; see the head of this file."""

    def __init__(self, root: int, out: int) -> None:
        self._root, self._out, self._lines = root, out, list[bytes]()
        self._group = {root: root}  # thread → its process
        self._early: dict[int, int | None] = {}  # new ones that stand still, or have died, before their parent's word
        self._ended: set[int] = set()  # processes that have died and were not reaped
        self._inside: dict[int, tuple[str, tuple[int, ...]]] = {}  # thread → the call whose result is awaited
        self._calls = CALLS[platform.machine()]
        self._info = ctypes.create_string_buffer(88)

    def follow(self) -> None:
        """Until no traced process is left."""
        signal.signal(signal.SIGALRM, self._flush)
        with contextlib.suppress(ChildProcessError):
            while True:
                tid, status = os.waitpid(-1, ALL)
                if os.WIFSTOPPED(status):
                    self._stopped(tid, os.WSTOPSIG(status), status >> 16)
                else:
                    self._gone(tid, status)
        self._flush()

    def _stopped(self, tid: int, number: int, event: int) -> None:
        if tid not in self._group:
            self._early[tid] = None  # its first stop has come before its parent's word of it
            return
        request, passed_on = CONT, 0
        if number == SYSTEM_CALL:
            self._leaves(tid)
        elif event == SECCOMP:
            request = SYSCALL if self._enters(tid) else CONT
        elif event in (FORK, VFORK, CLONE):
            self._adopt(self._message(tid), self._group[tid])
        elif event == EXEC:
            self._execed(tid)
        elif event == STOP:
            request = CONT if number == signal.SIGTRAP else LISTEN
        else:
            passed_on = number
        libc.ptrace(request, tid, None, passed_on)  # fails where it has been killed meanwhile, which will be told

    def _message(self, tid: int) -> int:
        libc.ptrace(GETEVENTMSG, tid, None, ctypes.addressof(value := ctypes.c_ulong()))
        return value.value

    def _adopt(self, tid: int, by: int) -> None:
        """A new thread, or a new process."""
        thread = os.path.exists(f"/proc/{by}/task/{tid}")
        self._group[tid] = by if thread else tid
        if not thread:
            self._ended.discard(tid)
            self._say("forked", pid=tid, by=by)
        if tid in self._early:
            status = self._early.pop(tid)
            libc.ptrace(CONT, tid, None, None) if status is None else self._gone(tid, status)

    def _execed(self, pid: int) -> None:
        """The other threads are gone, whichever called; the process's first one it is from now on."""
        for tid in [t for t, process in self._group.items() if process == pid and t != pid]:
            del self._group[tid]
            self._inside.pop(tid, None)
        words = slurp(f"/proc/{pid}/cmdline").split("\0")[:-1]
        self._say("execed", pid=pid, argv=[word[:WORD] for word in words[:WORDS]])

    def _gone(self, tid: int, status: int) -> None:
        if tid in self._early:
            self._early[tid] = status
        self._inside.pop(tid, None)
        if self._group.pop(tid, None) != tid:
            return
        self._ended.add(tid)
        name = signal_name(os.WTERMSIG(status)) if os.WIFSIGNALED(status) else None
        self._say("died", pid=tid, code=None if name else os.WEXITSTATUS(status), signal=name)
        for orphan in [t for t in self._early if is_left_alone(t, self._group)]:
            self._adopt(orphan, tid)  # the word was lost with the one who would have said it

    # --- system calls ---------------------------------------------------------------------------------------------

    def _enters(self, tid: int) -> bool:
        """Whether the call's result is of interest too."""
        number, *arguments = self._call(tid, "=7Q")
        name, by = self._calls.get(number, ""), self._group[tid]
        if name == "write":
            if by == self._root:
                self._report(self._memory(tid, arguments[1], min(arguments[2], MOST)))
        elif name in ("wait4", "waitid"):
            self._inside[tid] = name, tuple(arguments)
            return True
        elif name:
            self._kills(name, by, [signed(a) for a in arguments])
        return False

    def _leaves(self, tid: int) -> None:
        name, arguments = self._inside.pop(tid, ("", ()))
        (result,) = self._call(tid, "=q")
        if name == "wait4":
            pid = result
        elif name == "waitid" and result == 0 and not arguments[3] & NOWAIT:
            told = self._memory(tid, arguments[2] + 16, 4) if arguments[2] else b""
            pid = struct.unpack("=i", told)[0] if len(told) == 4 else signed(arguments[1])
        else:
            return
        if pid in self._ended:
            self._ended.discard(pid)
            self._say("reaped", pid=pid, by=self._group[tid])

    def _kills(self, name: str, by: int, arguments: list[int]) -> None:
        """Said before it happens, since the one who is killed may be gone before the killer's call is over."""
        target, number = arguments[0], arguments[2 if name == "tgkill" else 1]
        for pid in self._targets(name, by, target) if number else ():
            if pid not in self._ended:
                self._say("killed", pid=pid, by=by, signal=signal_name(number))

    def _targets(self, name: str, by: int, target: int) -> Iterator[int]:
        if name == "pidfd":
            yield from (int(row[5:]) for row in slurp(f"/proc/{by}/fdinfo/{target}").splitlines() if row[:4] == "Pid:")
        elif name == "tkill":
            yield self._group.get(target, target)
        elif target > 0:
            yield target
        else:
            wanted = -target or process_group(by)
            processes = [pid for pid, process in self._group.items() if pid == process]
            yield from (p for p in processes if target == -1 or process_group(p) == wanted)

    def _call(self, tid: int, shape: str) -> tuple[int, ...]:
        """struct ptrace_syscall_info, from its union on; all ones where the thread has been killed meanwhile."""
        got = libc.ptrace(GET_SYSCALL_INFO, tid, len(self._info), ctypes.addressof(self._info))
        return struct.unpack_from(shape, self._info if got > 24 else b"\xff" * 88, 24)

    def _memory(self, tid: int, address: int, size: int) -> bytes:
        try:
            with open(f"/proc/{tid}/mem", "rb", buffering=0) as memory:
                return os.pread(memory.fileno(), size, address)
        except OSError:
            return b""

    # --- what is written --------------------------------------------------------------------------------------------

    def _report(self, data: bytes) -> None:
        """Lines of the run's own: its word, not ours."""
        for line in data.split(b"\n"):
            if line.startswith(b"{") and line.endswith(b"}"):
                self._write(line[:-1] + b',"t":%.6f,"recorded":0}\n' % time.monotonic())

    def _say(self, op: str, **more: Any) -> None:
        self._write(json.dumps({"op": op, **more, "t": round(time.monotonic(), 6), "recorded": 1}).encode() + b"\n")

    def _write(self, line: bytes) -> None:
        """Lines that come within so short a time are written together."""
        self._lines.append(line)
        if len(self._lines) == 1:
            signal.setitimer(signal.ITIMER_REAL, TOGETHER)

    def _flush(self, *_: object) -> None:
        data, self._lines = b"".join(self._lines), []
        while data:
            data = data[os.write(self._out, data) :]


def signed(argument: int) -> int:
    """The C int that lies in a register."""
    return (argument & 0xFFFFFFFF) - ((argument & 0x80000000) << 1)


def signal_name(number: int) -> str:
    return {s.value: s.name for s in signal.Signals}.get(number, f"signal {number}")


def process_group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except OSError:
        return 0


def is_left_alone(tid: int, known: Container[int]) -> bool:
    """A process, not a thread of one, whose parent is none of these."""
    status = dict(row.split(":\t", 1) for row in slurp(f"/proc/{tid}/status").splitlines() if ":\t" in row)
    return status.get("Tgid") == str(tid) and int(status["PPid"]) not in known


def slurp(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError:
        return ""
