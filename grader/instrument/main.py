"""The instrument's program: obeys the host on standard input, plays cases, writes events on standard output.

Commands:  load {script, seed, options, agent_pid, proc}   play {case, pace}   agent-gone {}
           @<line>: what the agent says, passed on unread
Answers:   hello   loaded {cases, clocks}   tell {line} (for the agent)   event lines   done {case}   broken {error}

When the input ends, the host is gone: the instrument exits, and with it, as the pod's first process, the whole pod.
"""

from __future__ import annotations

import importlib.util
import json
import os
import pkgutil
import select
import signal
import socket
import sys
import traceback
import types
from collections.abc import Iterable, Mapping
from typing import Any

from grader.codec import to_line
from grader.instrument.procfs import Watcher
from grader.instrument.stage import CaseFunction, Stage
from grader.model import Event

RELAYED = b"@"


class HostLink:
    """Lines to and from the host; see stage.Link. While a case is played, the agent's lines go to its stage."""

    def __init__(self) -> None:
        self.commands: list[dict[str, Any]] = []
        self.stage: Stage | None = None
        self._gone = False
        self._input = b""
        self._output: list[str] = []

    def pump(self, reading: Iterable[socket.socket], writing: Iterable[socket.socket], timeout: float) -> None:
        self.flush()
        waiting: list[int | socket.socket] = [0, *reading]
        ready, _, _ = select.select(waiting, list(writing), [], timeout)
        if 0 in ready:
            self._read()

    def _read(self) -> None:
        data = os.read(0, 1 << 16)
        if not data:
            os._exit(0)
        *lines, self._input = (self._input + data).split(b"\n")
        for line in lines:
            if line.startswith(RELAYED):
                self._agent_said(line[1:])
            elif (command := json.loads(line))["op"] != "agent-gone":
                self.commands.append(command)
            else:
                self._gone = True
                self.enter(self.stage)

    def enter(self, stage: Stage | None) -> None:
        """From now on the agent's lines are this stage's; that there is no agent any more is news to every stage."""
        self.stage = stage
        if stage and self._gone:
            stage.agent_gone("its process has ended")

    def _agent_said(self, line: bytes) -> None:
        try:
            message = json.loads(line, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            return
        if self.stage and isinstance(message, dict):
            self.stage.heard(message)

    def tell(self, message: Mapping[str, Any]) -> None:
        self.say({"op": "tell", "line": json.dumps(message)})

    def emit(self, event: Event) -> None:
        self.say_line(to_line(event))

    def say(self, message: Mapping[str, Any]) -> None:
        self.say_line(json.dumps(message))
        self.flush()

    def say_line(self, line: str) -> None:
        self._output.append(line + "\n")
        if len(self._output) > 500:
            self.flush()

    def flush(self) -> None:
        data = memoryview("".join(self._output).encode("utf-8", "backslashreplace"))
        self._output.clear()
        while data:
            data = data[os.write(1, data) :]

    def next_command(self) -> dict[str, Any]:
        while not self.commands:
            self.pump((), (), 3600)
        return self.commands.pop(0)


def main() -> None:
    if os.getpid() == 1:
        signal.signal(signal.SIGCHLD, _bury_orphans)
        load_peers()
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    link = HostLink()
    link.say({"op": "hello", "python": ".".join(map(str, sys.version_info[:3]))})
    command = link.next_command()
    while command["op"] != "load":
        command = link.next_command()
    watcher = Watcher(command["agent_pid"], command["proc"])
    try:
        cases = {"import": import_case(command["modules"]), **load_cases(command["script"])}
    except Exception:
        link.say({"op": "broken", "error": traceback.format_exc()})
        return
    clocks = [name for name, function in cases.items() if getattr(function, "clock", False)]
    link.say({"op": "loaded", "cases": list(cases), "clocks": clocks})
    while True:
        order = link.next_command()
        if order["case"] not in cases:
            link.say({"op": "broken", "error": f"no case of that name in script.py: {order['case']}"})
            continue
        stage = Stage(order["case"], command["seed"], command["options"], link, watcher, order["pace"])
        play(link, stage, cases[order["case"]])


def load_peers() -> None:
    """All of reference.peers, where a course has any: a container is warmed ahead, and no script then waits for them.
    Where a person waits for two programs of this machine, each script loads its own."""
    if importlib.util.find_spec("reference.peers"):
        for found in pkgutil.iter_modules(importlib.import_module("reference.peers").__path__):
            importlib.import_module(f"reference.peers.{found.name}")


def load_cases(script: str) -> dict[str, CaseFunction]:
    """The functions of a script.py that are marked as cases, by name, in the order in which they stand."""
    module = types.ModuleType("script")
    exec(compile(script, "script.py", "exec"), vars(module))
    return {f.case: f for f in vars(module).values() if hasattr(f, "case")}


def import_case(modules: list[str]) -> CaseFunction:
    """The case before all others: every module is imported once, in a process of its own."""

    def play(stage: Stage) -> None:
        for module in modules:
            run = stage.start(f"{module}:", name=module)
            run.wait()

    return play


def play(link: HostLink, stage: Stage, function: CaseFunction) -> None:
    """Plays one case to its end; a script that breaks is the exercise author's fault and said as such."""
    link.enter(stage)
    try:
        function(stage)
    except Exception:
        link.say({"op": "broken", "error": traceback.format_exc()})
    stage.finish()
    link.enter(None)
    link.say({"op": "done", "case": stage.name})


def _bury_orphans(*_: object) -> None:
    """As the pod's pid 1 we inherit whatever is orphaned in it."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
