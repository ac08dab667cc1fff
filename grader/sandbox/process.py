"""Isolation "process": the same two programs as plain children on this machine, for one's own code. Layer 5.

It protects nobody from anybody: the code runs as the person who started it, with a few resource limits. Its results
say so, and `batch` takes it only when told in so many words. Needs os.fork (Linux, macOS, WSL); nothing else that only
Linux has: where /proc is missing the instrument says which checks it cannot decide.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from grader.errors import MachineError
from grader.model import Limits, say
from grader.sandbox.agent.digest import digest_of
from grader.sandbox.base import AGENT, BOOT, LINE_CAP, Pod, PodInfo, Source
from grader.sandbox.owner import started

PATIENCE = 20.0
MARK = "GRADER_POD"  # in the environment of all that belongs to a pod


class ProcessPod:
    """Two children and a folder; see base.Pod."""

    def __init__(self, bundle: bytes) -> None:
        self.inbox: SimpleQueue[tuple[Source, str | None]] = SimpleQueue()
        self._folder = Path(tempfile.mkdtemp(prefix=f"grader-{os.getpid()}-{started(os.getpid()) or 0}-"))
        self._children: dict[Source, subprocess.Popen[bytes]] = {}
        try:
            work, scratch = self._folder / "work", self._folder / "tmp"
            work.mkdir()
            scratch.mkdir()
            self._start("instrument", "-S", "-c", BOOT)
            self._start("agent", str(AGENT / "__main__.py"), str(work), str(scratch), TMPDIR=str(scratch))
            self._write("instrument", f"{len(bundle)} {self._folder / 'instrument.zip'}\n".encode() + bundle)
            hello = self._hello()
        except BaseException:
            self.close()
            raise
        self.info = PodInfo("process", hello["agent"]["python"], "", hello["agent"]["pid"])

    def _start(self, name: Source, *arguments: str, **more: str) -> None:
        environment = {k: os.environ[k] for k in ("PATH", "SYSTEMROOT", "TMPDIR") if k in os.environ}
        with (self._folder / f"stderr-{name}").open("wb") as stderr:
            child = self._children[name] = subprocess.Popen(
                [sys.executable, "-I", "-B", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,  # Ctrl-C is for the grader, which then ends its children itself
                env=environment | {"LANG": "C.UTF-8", MARK: self._folder.name} | more,
            )
        threading.Thread(target=self._read, args=(name, child), daemon=True).start()

    def _read(self, source: Source, child: subprocess.Popen[bytes]) -> None:
        assert child.stdout is not None
        with child.stdout as stdout:
            while (line := stdout.readline(LINE_CAP)).endswith(b"\n"):
                self.inbox.put((source, line.decode("utf-8", "replace")))
        self.inbox.put((source, None))

    def _hello(self) -> dict[Source, dict[str, Any]]:
        greeted: dict[Source, dict[str, Any]] = {}
        while len(greeted) < 2:
            try:
                source, line = self.inbox.get(timeout=PATIENCE)
                greeted[source] = json.loads(line or "")
            except (Empty, ValueError):
                self.close()
                raise _unstarted(self._stderr) from None
        return greeted

    def tell(self, whom: Source, line: str) -> None:
        self._write(whom, line.encode() + b"\n")

    def _write(self, whom: Source, data: bytes) -> None:
        stdin = self._children[whom].stdin
        assert stdin is not None
        with contextlib.suppress(OSError, ValueError):
            stdin.write(data)
            stdin.flush()

    def close(self) -> None:
        """The agent ends its runs when its input ends; the instrument likewise. Then nothing of ours is left."""
        for child in self._children.values():
            assert child.stdin is not None
            with contextlib.suppress(OSError):
                child.stdin.close()
        for child in self._children.values():
            try:
                child.wait(6)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        _end_orphans(self._folder.name)
        self._stderr = " ".join(
            p.read_text(errors="replace")[-2000:] for p in sorted(self._folder.glob("stderr-*"))
        ) or getattr(self, "_stderr", "")
        shutil.rmtree(self._folder, ignore_errors=True)

    _stderr: str = ""


class ProcessSandbox:
    """Makes process pods; see base.Sandbox. bundle: the instrument's program as a zip. Raises MachineError."""

    isolation = "process"

    def __init__(self, bundle: bytes) -> None:
        self._bundle = bundle
        _sweep()
        try:
            programs = hashlib.sha256(bundle + digest_of(AGENT).encode()).hexdigest()
        except OSError as e:
            raise _unstarted(str(e)) from e
        self.made_of = f"process {sys.version} {programs}"

    def prepare(self, limits: Limits, count: int = 1) -> None:
        """Nothing to warm: a process pod costs two interpreters."""

    def open(self, limits: Limits) -> Pod:
        if not hasattr(os, "fork"):
            raise MachineError(
                say("Isolation `process` needs fork(), which this system lacks: use --isolation docker, or WSL.")
            )
        try:
            return ProcessPod(self._bundle)
        except OSError as e:
            raise _unstarted(str(e)) from e

    def close(self) -> None:
        """Every pod is closed by whoever opened it."""


def _sweep() -> None:
    """Ends and removes what graders that are gone have left: a kill -9 leaves their folders. In doubt nothing goes."""
    for folder in Path(tempfile.gettempdir()).glob("grader-*-*-*"):
        _, pid, start, _ = folder.name.split("-", 3)
        if pid.isdecimal() and start != "0" and started(int(pid)) not in (start, ""):
            _end_orphans(folder.name)
            shutil.rmtree(folder, ignore_errors=True)


def _end_orphans(name: str) -> None:
    """What has lost its agent, by killing it perhaps, still has the mark that the agent was started with."""
    mark = f"{MARK}={name}".encode()
    for _ in range(100):  # they may be forking meanwhile
        found = [pid for pid in _pids() if mark in _environment(pid).split(b"\0")]
        if not found:
            return
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)


def _unstarted(error: str) -> MachineError:
    return MachineError(say("The grader's helper programs did not start: {error}", error=error))


def _pids() -> list[int]:
    """All processes of this machine; none where there is no /proc."""
    try:
        return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit()]
    except OSError:
        return []


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
