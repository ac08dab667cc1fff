"""Where one submission is played, case after case: a pod, and a new one where that is gone. Layer 6.

It joins what does not know each other: a pod's two programs speak lines, and this passes them on.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from queue import Empty

import msgspec

from grader.catalog import Exercise
from grader.codec import event_from
from grader.errors import ExerciseError, MachineError
from grader.model import Event, Frame, Result, Snapshot, Trace, Vanished, say
from grader.sandbox.base import POINTS, RELAYED, Pod, PodInfo, Sandbox, Source

SILENCE = 120.0  # seconds (times the pace) without a word from the instrument: the machine's trouble
QUOTED = 200  # characters of a line of the student's
PODS = 6  # a submission that ends its pod again and again gets so many


@dataclass
class Graded:
    """Everything about one exercise of one submission. traces: by case name, `<case>.retry` among them.

    stands: nothing was played; the traces are those of an earlier grading.
    """

    exercise: Exercise
    seed: int
    results: tuple[Result, ...] = ()
    traces: dict[str, Trace] = field(default_factory=dict)
    info: PodInfo | None = None
    seconds: float = 0.0
    stands: bool = False


class Theatre:
    """A pod for one submission, renewed where the submission's code has ended its side of it.

    clocks: the cases in which a clock of the exercise runs, as the script says; known once a case was played.
    """

    def __init__(self, graded: Graded, snapshot: Snapshot, sandbox: Sandbox) -> None:
        self._graded, self._snapshot, self._sandbox = graded, snapshot, sandbox
        self._pod: Pod | None = None
        self._left = PODS
        self.clocks: frozenset[str] = frozenset()

    def __enter__(self) -> Theatre:
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()

    def another(self) -> Theatre:
        """For the same submission, with a pod of its own."""
        return Theatre(self._graded, self._snapshot, self._sandbox)

    def close(self) -> None:
        """Ends what is being played, at once, and lets nothing more begin. May be called by another thread."""
        self._left = 0
        self._drop()

    def play(self, case: str, pace: float = 1.0, saved_as: str = "") -> None:
        """Plays one case and keeps its trace. A machine that fails gets one more try; then there is no trace."""
        for attempt in (1, 2):
            if not self._pod and self._left < 1:
                gone = Vanished(0.0, "it has ended its sandbox in every case before this one")
                self._keep(case, saved_as, [gone])
                return
            try:
                events = self._play(self._pod or self._open(), case, pace)
            except MachineError:
                self._drop()
                if attempt == 2 and self._graded.info is None:
                    raise
                continue
            if self._keep(case, saved_as, events).of(Vanished):
                self._left -= 1
                self._drop()
            return

    def _keep(self, case: str, saved_as: str, events: list[Event]) -> Trace:
        files = self._snapshot.files[self._graded.exercise.slug]
        in_time = sorted(events, key=lambda e: e.at)  # a recorder's events are older than their arrival
        trace = Trace(case, tuple(quoted(e, files) for e in in_time), self._graded.exercise.meta.options)
        self._graded.traces[saved_as or case] = trace
        return trace

    def _open(self) -> Pod:
        exercise = self._graded.exercise
        pod = self._pod = self._sandbox.open(exercise.meta.limits)
        self._graded.info = pod.info
        files = self._snapshot.files[exercise.slug]
        limits = exercise.meta.limits
        load_agent = {
            "op": "load",
            "files": {name: base64.b64encode(content).decode() for name, content in files.items()},
            "driver": exercise.driver,
            "points": POINTS.read_text("utf-8"),
            "inside": exercise.inside,
            "limits": {"open_files": limits.open_files, "file_mib": limits.file_mib},
        }
        load_instrument = {
            "op": "load",
            "script": exercise.script,
            "seed": self._graded.seed,
            "options": exercise.meta.options,
            "agent_pid": pod.info.agent_pid,
            "modules": [name.removesuffix(".py") for name in exercise.meta.modules],
            "proc": "/proc",
        }
        pod.tell("agent", json.dumps(load_agent))
        pod.tell("instrument", json.dumps(load_instrument))
        return pod

    def renew(self) -> None:
        """What is played next is played in a fresh pod."""
        self._drop()

    def _drop(self) -> None:
        pod, self._pod = self._pod, None
        if pod:
            pod.close()

    def _play(self, pod: Pod, case: str, pace: float) -> list[Event]:
        """Passes lines between the pod's programs until the case is done. Raises MachineError, ExerciseError."""
        pod.tell("instrument", json.dumps({"op": "play", "case": case, "pace": pace}))
        events: list[Event] = []
        while True:
            source, line = _next(pod, SILENCE * pace)
            if source == "agent":
                relayed = [line]
                while not pod.inbox.empty():  # many lines in one write
                    source, line = pod.inbox.get()
                    if source != "agent":
                        break
                    relayed.append(line)
                pod.tell("instrument", "\n".join(_relayed(said) for said in relayed))
                if source == "agent":
                    continue
            if line is None:
                raise MachineError(say("the instrument has ended before its time"))
            message = msgspec.json.decode(line)
            match message.get("op"):
                case "tell":
                    pod.tell("agent", message["line"])
                case "broken":
                    raise ExerciseError(say("the script of the exercise is broken: {error}", error=message["error"]))
                case "loaded":
                    self.clocks = frozenset(message["clocks"])
                case "done":
                    return events
                case None:
                    events.append(event_from(message))


def _next(pod: Pod, patience: float) -> tuple[Source, str | None]:
    try:
        return pod.inbox.get(timeout=patience)
    except Empty:
        raise MachineError(say("the instrument has fallen silent")) from None


def quoted(event: Event, files: Mapping[str, bytes]) -> Event:
    """Where an event names a line of the student's, it quotes it too, as it was handed in: a stack has only numbers."""
    where = getattr(event, "where", None)
    if not isinstance(where, Frame) or where.source or where.file not in files:
        return event
    lines = files[where.file].decode(errors="replace").split("\n")
    source = lines[where.line - 1].strip() if 0 < where.line <= len(lines) else ""
    return replace(event, where=replace(where, source=source[:QUOTED]))  # type: ignore[call-arg]  # it has a `where`


def _relayed(line: str | None) -> str:
    return json.dumps({"op": "agent-gone"}) if line is None else RELAYED + line.rstrip("\n")
