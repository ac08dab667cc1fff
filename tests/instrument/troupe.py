"""A troupe in the agent's place: it plays each run as a real process, so what the stage proves is proved of one."""

from __future__ import annotations

import json
import select
import signal
import socket
import subprocess
import sys
import textwrap
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.instrument.run import Run
from grader.instrument.stage import Stage
from grader.model import Event

HOST = "127.0.0.1"
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

PRELUDE = """
import json, os, select, signal, socket, struct, sys, threading, time
host, port = sys.argv[1], int(sys.argv[2])
def call(): return socket.create_connection((host, port))
def returned(size): print(json.dumps({"op": "returned", "call": 0, "value": {"size": size}}), flush=True)
def linger(s): s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
def told_to(): return sys.stdin.readline()
"""


class Troupe:
    """A link that plays the agent's part: each run is a child of this process, and its entry is its program."""

    def __init__(self) -> None:
        self.stage: Stage | None = None
        self.events: list[Event] = []
        self.players: dict[str, subprocess.Popen[bytes]] = {}  # the newest of each name
        self._all: list[subprocess.Popen[bytes]] = []
        self.lies: dict[str, dict[str, Any] | None] = {}  # op → what to answer instead of the truth; None: nothing
        self._lines: deque[dict[str, Any]] = deque()

    def pump(self, reading: Iterable[socket.socket], writing: Iterable[socket.socket], timeout: float) -> None:
        pipes = {p.stdout: name for name, p in self.players.items() if p.stdout and not p.stdout.closed}
        ready, _, _ = select.select([*pipes, *reading], list(writing), [], 0 if self._lines else timeout)
        for pipe in [p for p in ready if p in pipes]:
            self._hear(pipes[pipe])
        while self._lines and self.stage:
            self.stage.heard(self._lines.popleft())

    def _hear(self, name: str) -> None:
        player = self.players[name]
        assert player.stdout
        line = player.stdout.readline()
        if line:
            self._lines.append(json.loads(line) | {"run": name})
        else:
            player.stdout.close()
            code = player.wait()
            ended = {"code": code} if code >= 0 else {"signal": signal.Signals(-code).name}
            self._lines.append({"op": "exited", "run": name, **ended})

    def tell(self, message: Mapping[str, Any]) -> None:
        op = message["op"]
        if op in self.lies:
            answer = self.lies[op]
            self._lines.extend([{**message, **answer}] if answer else [])
        elif op == "run":
            args = message["args"] or []  # keywords host and port for a driver's function, as these programs are
            self._start(message["run"], message["entry"], [*args.values()] if isinstance(args, dict) else args)
        elif op == "signal":
            self.players[message["run"]].send_signal(getattr(signal, message["signal"]))
        elif op == "ping":
            self._lines.append({"op": "pong", "n": message["n"]})
        elif op == "waits":
            self._lines.append({"op": "waits", "n": message["n"], "lines": self._waits()})
        elif op == "stack":
            self._lines.append({"op": "stack", "run": message["run"], "text": "", "folder": "/w"})
        elif op == "files":
            self._lines.append({"op": "files", "n": message["n"], "folder": "/w", "files": [{"path": "a"}]})
        elif op == "stop":
            self._stop(message.get("run"))

    def _start(self, name: str, program: str, args: list[Any]) -> None:
        command = [sys.executable, "-I", "-S", "-B", "-u", "-c", PRELUDE + textwrap.dedent(program)]
        player = subprocess.Popen(
            [*command, *(str(a) for a in args or [HOST, 0])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self.players[name] = player
        self._all.append(player)
        self._lines.append({"op": "started", "run": name, "pid": player.pid})

    def _waits(self) -> list[str]:
        tasks = (t for p in self.players.values() for t in Path(f"/proc/{p.pid}/task").glob("*"))
        return [(t / "syscall").read_text() for t in tasks]

    def _stop(self, name: str | None) -> None:
        for run, player in self.players.items():
            if name in (None, run):
                player.kill()
                while player.stdout and not player.stdout.closed:
                    self._hear(run)
        self._lines.append({"op": "stopped", "run": name})

    def emit(self, event: Event) -> None:
        self.events.append(event)

    def cue(self, run: Run) -> None:
        """Lets a program go on that waits in told_to()."""
        stdin = self.players[run.name].stdin
        assert stdin
        stdin.write(b"\n")

    def of(self, *kinds: type[Event]) -> list[Event]:
        return [e for e in self.events if isinstance(e, kinds)]

    def close(self) -> None:
        for player in self._all:
            player.kill()
            player.wait()
            for pipe in (player.stdin, player.stdout):
                if pipe:
                    pipe.close()


def callee(stage: Stage, program: str, receive_buffer: int = 0):
    """A run that calls a listener of ours, and our end of the connection."""
    listener = stage.listen(receive_buffer=receive_buffer)
    run = stage.start(program, listener.address, name="a")
    return run, listener.accept("a", run)
