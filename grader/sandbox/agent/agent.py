"""The agent itself: obeys its owner's commands, forks the runs, and says what is to be known of them.

Commands:  load {files, driver, limits, points, inside}   signal {run, signal}   stack {run}   stop {run}   ping {n}
           run {run, entry, args, shim, tty, files, keep, schedule, pause, record}   waits {n}
           type {run, data}   readers {run, n}   files {n}
Answers:   hello  loaded  started  unstarted  imported  called  returned  raised  left  shown  printed  kept  exited
           stack  stopped  pong  waits  readers  files
           (kept: what is in a file of the run's folder when the run has ended, for each name of `keep`)
           and of recorded runs the lines of recorder.py, at the end  recorded {whole}

A command is a line, a JSON object with `op`; do_<op> obeys it.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import signal
import socket
import sys

from .ahead import import_ahead
from .child import STACK_SIGNAL, be_the_run, compile_points, end_like_python, hold_up
from .digest import digest_of
from .files import INSIDE, found_in, freshen
from .kernel import adopt_orphans, call_of, descendants, listed, set_dumpable, slurp
from .lines import REPORT, say
from .runs import Run, Runs, can_record
from .terminal import Terminal, terminal_readers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .lines import Message

POD = ("/work", "/tmp", "/dev/shm")


class Agent:
    """folders: the one for the student's files, and those for temporary ones."""

    def __init__(self, folders: list[str]) -> None:
        self.folders = folders
        self.files: dict[str, bytes] = {}
        self.loaded: Message = {"folder": folders[0], "driver": None, "limits": {}}
        self.poll = select.poll()
        self.runs = Runs(folders[0], self.poll)
        self.input = b""
        self.wake, wake_w = os.pipe()
        for fd in (self.wake, wake_w):
            os.set_blocking(fd, False)
        signal.set_wakeup_fd(wake_w)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.poll.register(0, select.POLLIN)
        self.poll.register(self.wake, select.POLLIN)

    def serve(self) -> tuple[Message, list[int]] | None:
        """Obeys until the input ends (returns None), or returns what the forked child is to do."""
        while True:
            for fd, _ in self.poll.poll():
                if fd == 0:
                    data = os.read(0, 65536)
                    if not data:
                        self.runs.stop()
                        return None
                    child = self.obey(data)
                    if child:
                        return child
                elif fd == self.wake:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self.wake, 4096)
                    self.runs.reap()
                else:
                    self.runs.collect(fd)

    def obey(self, data: bytes) -> tuple[Message, list[int]] | None:
        *lines, self.input = (self.input + data).split(b"\n")
        for line in lines:
            command = json.loads(line)
            child: tuple[Message, list[int]] | None = getattr(self, "do_" + command.pop("op"))(**command)
            if child:
                return child
        return None

    def do_load(
        self,
        files: dict[str, str],
        driver: str | None = None,
        limits: dict[str, int] | None = None,
        points: str = "",
        inside: dict[str, str] | None = None,
    ) -> None:
        self.files = {os.path.basename(name): base64.b64decode(content) for name, content in files.items()}
        self.files |= {f"{INSIDE}/{name}": source.encode() for name, source in (inside or {}).items()}
        freshen(self.folders, self.files)
        self.loaded.update(driver=driver and compile(driver, "driver.py", "exec"), limits=limits or {}, points=points)
        import_ahead(driver or "", self.files.values(), (inside or {}).values())
        say({"op": "loaded"})

    def do_run(
        self,
        run: str,
        entry: str,
        args: Any = None,
        shim: int | None = None,
        tty: bool = False,
        files: dict[str, str] | None = None,
        keep: tuple[str, ...] = (),
        schedule: Message | None = None,
        pause: float = 0,
        record: bool = False,
    ) -> tuple[Message, list[int]] | None:
        if files is not None:
            freshen(self.folders, self.files | {name: text.encode() for name, text in files.items()})
        if schedule or pause:
            compile_points(self.loaded)
        terminal = Terminal() if tty else None
        out = (terminal.ours, terminal.theirs) if terminal else os.pipe()
        pipes = [out, *(os.pipe() for _ in range(3))]
        lines = socket.socketpair() if record and can_record(run) else None
        try:
            pid = os.fork()
        except OSError as e:
            for fd in (fd for pair in pipes for fd in pair):
                os.close(fd)
            if terminal:
                terminal.close()
            say({"op": "unstarted", "run": run, "error": str(e)})
            return None
        if pid == 0:
            null = os.open(os.devnull, os.O_RDWR)
            stdin, ends = terminal.theirs if terminal else null, [w for _, w in pipes]
            spec = {"run": run, "entry": entry, "args": args or {}, "shim": shim, "schedule": schedule, "record": None}
            if lines:
                spec["record"], ends[REPORT - 1] = lines[1], null
            return spec, [stdin, *ends]
        kinds = ("stdout", "stderr", "report", "stack")
        started = Run(run, pid, {r: kind for (r, _), kind in zip(pipes, kinds, strict=True)}, terminal, keep)
        self.runs.add(started)
        if lines:
            self.runs.record(started, pipes[REPORT - 1], lines)
        for r, w in pipes:
            os.close(w)
            os.set_blocking(r, False)
            self.poll.register(r, select.POLLIN)
        say({"op": "started", "run": run, "pid": pid})
        if pause and os.fork() == 0:
            hold_up(self.loaded, pid, pause)
        return None

    def do_signal(self, run: str, signal: str) -> None:
        if found := self.runs.get(run):
            with contextlib.suppress(ProcessLookupError):
                os.kill(found.pid, getattr(sys.modules["signal"], signal))

    def do_stack(self, run: str) -> None:
        if found := self.runs.get(run):
            with contextlib.suppress(ProcessLookupError):
                os.kill(found.pid, STACK_SIGNAL)

    def do_waits(self, n: int) -> None:
        """What every thread of every run waits in, as the kernel says it."""
        lines = []
        for pid in descendants(os.getpid(), set()):
            for tid in listed(f"/proc/{pid}/task"):
                with contextlib.suppress(OSError):
                    lines.append(slurp(f"/proc/{pid}/task/{tid}/syscall"))
        say({"op": "waits", "n": n, "lines": lines[:500]})

    def do_type(self, run: str, data: str) -> None:
        """What a person types: lines, or Ctrl-D."""
        found = self.runs.get(run)
        if found and found.terminal:
            with contextlib.suppress(BlockingIOError):
                os.write(found.terminal.ours, data.encode())

    def do_readers(self, run: str, n: int) -> None:
        """Which threads wait for what is typed; what they printed before goes first.

        known: the system tells what threads wait for.
        """
        readers: list[list[int]] = []
        known = False
        found = self.runs.get(run)
        if found and found.terminal:
            pids = {found.pid} | descendants(None, {found.pid})
            known = any(call_of(pid, str(pid)) for pid in pids)
            if not found.terminal.pending():
                readers = [reader for pid in pids for reader in terminal_readers(pid, found.terminal.name)]
            if readers:
                self.runs.take(found, "stdout", found.terminal.rest())
        say({"op": "readers", "n": n, "run": run, "readers": readers[:100], "known": known})

    def do_files(self, n: int) -> None:
        say({"op": "files", "n": n, **found_in(self.folders)})

    def do_ping(self, n: int) -> None:
        self.runs.catch_up()
        say({"op": "pong", "n": n})

    def do_stop(self, run: str | None = None) -> None:
        self.runs.stop(run)
        if run is None:
            freshen(self.folders, self.files)
        say({"op": "stopped", "run": run})


def main() -> None:
    sys.dont_write_bytecode = True
    adopt_orphans()
    folders = [os.path.realpath(folder) for folder in sys.argv[1:] or POD]
    set_dumpable(folders[0] != POD[0])  # in a pod the student's code must not look into this process
    agent = Agent(folders)
    digest = digest_of(os.path.dirname(os.path.abspath(__file__)))
    say({"op": "hello", "pid": os.getpid(), "digest": digest, "python": ".".join(map(str, sys.version_info[:3]))})
    child = agent.serve()
    if child:
        spec, pipes = child
        end_like_python(be_the_run(spec, agent.loaded, pipes))
