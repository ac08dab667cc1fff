"""The runs that go on: what each prints and reports is relayed, and how each has ended is told when all else is.

A recorder is a child like the run beside which it was forked, and its record is relayed like a run's reports.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import socket
import sys
import time

from .files import content_of
from .kernel import descendants
from .lines import KEEP, say, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .lines import Message
    from .terminal import Terminal

FLOOD = 64 * 1024 * 1024  # nobody prints so much: the run is ended
REPORTED = 16 * 1024 * 1024  # nor has so much to report


class Run:
    """fds: what is read from the run, and as what. keep: names of files whose content is told when it has ended."""

    def __init__(
        self, name: str, pid: int, fds: dict[int, str], terminal: Terminal | None = None, keep: tuple[str, ...] = ()
    ) -> None:
        self.name, self.pid, self.fds, self.terminal, self.keep = name, pid, fds, terminal, keep
        self.kept = {"stdout": b"", "stderr": b""}
        self.sizes = {"stdout": 0, "stderr": 0, "report": 0, "record": 0, "stack": 0}
        self.lines = b""

    def last_words(self, status: int) -> Message:
        killed = os.WIFSIGNALED(status)
        return {
            "op": "exited",
            "code": None if killed else os.WEXITSTATUS(status),
            "signal": signal.Signals(os.WTERMSIG(status)).name if killed else None,
        }


class Recording(Run):
    """The recorder of a run, a child like the run itself; its reports are the record."""

    def last_words(self, status: int) -> Message:
        return {"op": "recorded", "whole": status == 0, "recorded": 1}


class Runs:
    """All runs and recorders that were started and are not buried yet."""

    def __init__(self, folder: str, poll: select.poll) -> None:
        self._folder, self._poll = folder, poll
        self._runs: dict[str, Run] = {}

    def get(self, name: str) -> Run | None:
        return self._runs.get(name)

    def add(self, run: Run) -> None:
        self._runs[run.name] = run

    def record(self, run: Run, pipe: tuple[int, int], lines: tuple[socket.socket, socket.socket]) -> None:
        """Forks a recorder for a run: it shares one end of `lines` with it, and takes the pipe of its reports over."""
        from . import recorder  # loaded by can_record

        try:
            pid = os.fork()
        except OSError as e:
            say({"op": "unrecorded", "run": run.name, "error": str(e), "recorded": 1})
            pid = -1
        if pid == 0:
            status = 1
            with contextlib.suppress(BaseException):
                out, line = os.dup2(pipe[1], 1), socket.socket(fileno=os.dup2(lines[0].fileno(), 0))
                os.closerange(3, 4096)
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                status = recorder.record(run.pid, out, line)
            os._exit(status)
        for line in lines:
            line.close()
        if pid < 0:
            return
        del run.fds[pipe[0]]
        self._runs[f"{run.name}, recorded"] = Recording(run.name, pid, {pipe[0]: "record"})

    def catch_up(self) -> None:
        """Relays all that was written until now, and every end."""
        for run in list(self._runs.values()):
            if run.terminal:
                self.take(run, "stdout", run.terminal.rest())
            for fd in list(run.fds):
                self.collect(fd)
        self.reap()

    def stop(self, name: str | None = None) -> None:
        """This run, or all."""
        self._end([r.pid for r in self._runs.values() if name in (None, r.name)])

    def _end(self, those: list[int]) -> None:
        """Kills these processes and all their descendants; where none but they are ours, orphans too.

        A run's own process first: it must not see its children die, and go on from there.
        """
        whole = len(those) == len(self._runs)
        pids, deadline = set(those), time.monotonic() + 5
        while not (self.reap() and whole) and time.monotonic() < deadline:
            pids &= {r.pid for r in self._runs.values()}
            children = descendants(os.getpid() if whole else None, pids)
            if not pids | children:
                return
            for pid in (*pids, *(children - pids)):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            self._poll.poll(1)

    def reap(self) -> bool:
        """Collects every child that has ended: runs are reported, adopted orphans are only buried.

        True: none is left, and so nothing that descends from one.
        """
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return True
            if pid == 0:
                return False
            for run in [r for r in self._runs.values() if r.pid == pid]:
                self._bury(run, status)

    def _bury(self, run: Run, status: int) -> None:
        for fd in list(run.fds):
            self.collect(fd, most=16)
        if run.terminal:
            self.take(run, "stdout", run.terminal.rest())
            run.terminal.close()
        for fd in list(run.fds):
            self._forget(run, fd)
        self._runs = {name: r for name, r in self._runs.items() if r is not run}
        for stream, kept in run.kept.items():
            if run.sizes[stream]:
                say(
                    {
                        "op": "printed",
                        "run": run.name,
                        "stream": stream,
                        "text": kept.decode("utf-8", "replace"),
                        "size": run.sizes[stream],
                    }
                )
        for name in run.keep:
            say({"op": "kept", "run": run.name, "name": name, **content_of(os.path.join(self._folder, name))})
        say({**run.last_words(status), "run": run.name})

    def collect(self, fd: int, most: int = 1) -> None:
        for run in [r for r in self._runs.values() if fd in r.fds]:
            for _ in range(most):
                try:
                    data = os.read(fd, 65536)
                except BlockingIOError:
                    return
                if not data:
                    self._forget(run, fd)
                    return
                kind = run.fds[fd]
                self.take(run, kind, data + (trickle(fd) if kind == "stack" else b""))

    def take(self, run: Run, kind: str, data: bytes) -> None:
        run.sizes[kind] += len(data)
        if run.sizes[kind] > (FLOOD if kind in run.kept else REPORTED):
            with contextlib.suppress(ProcessLookupError):
                os.kill(run.pid, signal.SIGKILL)
        if kind in ("report", "record"):
            *lines, run.lines = (run.lines + data).split(b"\n")
            run.lines = run.lines[-4_000_000:]
            tail = b',"run":' + json.dumps(run.name).encode() + b"}\n"
            write(b"".join(line[:-1] + tail for line in lines if line.startswith(b"{") and line.endswith(b"}")))
        elif kind == "stack":
            say({"op": "stack", "run": run.name, "text": data.decode("utf-8", "replace"), "folder": self._folder})
        else:
            fresh = data[: KEEP - len(run.kept[kind])]
            run.kept[kind] += fresh
            text = run.terminal.text.decode(fresh) if run.terminal and kind == "stdout" else ""
            if text:
                say({"op": "shown", "run": run.name, "text": text})

    def _forget(self, run: Run, fd: int) -> None:
        self._poll.unregister(fd)
        os.close(fd)
        del run.fds[fd]


def can_record(run: str) -> bool:
    """Loads the recorder when it is first asked for."""
    if sys.platform != "linux":
        say({"op": "unrecorded", "run": run, "error": "processes can be recorded on Linux only", "recorded": 1})
        return False
    importlib.import_module(".recorder", __package__)
    return True


def trickle(fd: int) -> bytes:
    """The rest of what is being written in many small pieces, as faulthandler does: until nothing comes for 5 ms."""
    data, waiting = b"", select.poll()
    waiting.register(fd, select.POLLIN)
    while len(data) < KEEP and waiting.poll(5):
        piece = os.read(fd, 65536)
        if not piece:
            break
        data += piece
    return data
