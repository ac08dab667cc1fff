"""The whole path for one submission and one exercise. Layer 6.

It joins what does not know each other: a pod's two programs speak lines, and this passes them on. One case is played
at a time; after each the (pure) judge says whether the next is still worth playing: a case all of whose checks are
blocked is not played. A case in which a deadline was reached, or that came out UNDECIDED, is played again at once:
alone, in a fresh pod, with three times the limits.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from queue import Empty

import msgspec

from grader.catalog import Exercise
from grader.checks import Check, Violation
from grader.codec import event_from
from grader.errors import ExerciseError, MachineError
from grader.judge import RETRY, judge, reached_deadline, wants_retry
from grader.model import (
    Event,
    Exited,
    Frame,
    Imported,
    Raised,
    Result,
    Snapshot,
    Trace,
    Unproven,
    Vanished,
    Verdict,
    say,
)
from grader.refusal import not_attempted, not_importable
from grader.sandbox.base import POINTS, RELAYED, Pod, PodInfo, Sandbox, Source

IMPORT = "import"  # the case before all others: does the module load at all?
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


Progress = Callable[[str], None]


def grade(
    exercise: Exercise,
    snapshot: Snapshot,
    sandbox: Sandbox,
    *,
    seed: int,
    only: Iterable[str] = (),
    progress: Progress = lambda case: None,
) -> Graded:
    """Plays and judges one exercise. only: ids of checks; those they need are played too, the others are left out.

    Never raises for what the submission does. Raises ExerciseError for what the exercise's author did, and
    MachineError where not even a pod could be had.
    """
    began = time.monotonic()
    checks = selected(exercise.checks, only)
    graded = Graded(exercise, seed)
    refusal = not_attempted(snapshot, exercise.slug, exercise.stubs)
    if not refusal:
        _play_all(graded, checks, snapshot, sandbox, progress)
    graded.results = rejudge(checks, graded.traces, refusal)
    graded.seconds = round(time.monotonic() - began, 3)
    return graded


def rejudge(
    checks: Iterable[Check], traces: Mapping[str, Trace], refusal: Violation | None = None
) -> tuple[Result, ...]:
    """The verdicts that saved traces give."""
    return judge(checks, traces, refusal or _import_failed(traces))


def _import_failed(traces: Mapping[str, Trace]) -> Violation | None:
    """Why the module cannot be imported. None where it can, and where only one playing was too slow to tell."""
    first, second = traces.get(IMPORT), traces.get(IMPORT + RETRY)
    if second:
        return not_importable(second)
    return not_importable(first) if first and not reached_deadline(first) else None


def selected(checks: Iterable[Check], only: Iterable[str]) -> tuple[Check, ...]:
    """The checks named, with all that they need, in their order; all of them where none is named."""
    by_id = {c.id: c for c in checks}
    wanted = set(only)
    while more := {n for i in wanted & set(by_id) for n in by_id[i].needs} - wanted:
        wanted |= more
    return tuple(c for c in by_id.values() if not only or c.id in wanted)


def _play_all(
    graded: Graded, checks: tuple[Check, ...], snapshot: Snapshot, sandbox: Sandbox, progress: Progress
) -> None:
    for pace, saved_as in ((1.0, IMPORT), (3.0, IMPORT + RETRY)):
        with Theatre(graded, snapshot, sandbox) as theatre:
            theatre.play(IMPORT, pace, saved_as)
            loaded = graded.traces.get(saved_as)
            if loaded and not not_importable(loaded):
                _play_cases(graded, checks, theatre, progress)
                break
        if not loaded or not reached_deadline(loaded):
            return


def _play_cases(graded: Graded, checks: tuple[Check, ...], theatre: Theatre, progress: Progress) -> None:
    so_far: dict[str, Result] = {}
    for name in dict.fromkeys(c.case for c in checks):
        mine = [c for c in checks if c.case == name]
        if all(_hopeless(c, so_far) for c in mine):
            continue
        progress(name)
        theatre.play(name)
        results = _decided(mine, graded.traces, so_far)
        doubtful = [r for r in results.values() if wants_retry(r)]
        if name not in graded.traces or any(r.deadline or _provable(graded.traces[name]) for r in doubtful):
            theatre.renew()
            theatre.play(name, pace=3.0, saved_as=name + RETRY)
            results = _decided(mine, graded.traces, so_far)
        so_far |= results
        so_far |= _decided(checks, graded.traces, so_far)


def _decided(checks: Iterable[Check], traces: Mapping[str, Trace], so_far: Mapping[str, Result]) -> dict[str, Result]:
    """The results of those checks that are not decided yet and can be: all that they need is known."""
    found: dict[str, Result] = {}
    for c in checks:
        known = {**so_far, **found}
        if c.id not in known and (c.case in traces or c.case + RETRY in traces) and all(n in known for n in c.needs):
            found[c.id] = judge([c], traces, so_far=known)[0]
    return found


def _hopeless(c: Check, so_far: Mapping[str, Result]) -> bool:
    """A check that it needs has failed, or was itself not worth playing."""
    needed = [so_far.get(n) for n in c.needs]
    return any(r is None or r.verdict in (Verdict.FAIL, Verdict.BLOCKED) for r in needed)


def _provable(trace: Trace) -> bool:
    """Nothing in it says that this machine cannot show what a PASS needs, today or ever."""
    return not trace.of(Unproven)


class Theatre:
    """A pod for one submission, renewed where the submission's code has ended its side of it."""

    def __init__(self, graded: Graded, snapshot: Snapshot, sandbox: Sandbox) -> None:
        self._graded, self._snapshot, self._sandbox = graded, snapshot, sandbox
        self._pod: Pod | None = None
        self._left = PODS

    def __enter__(self) -> Theatre:
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()

    def play(self, case: str, pace: float = 1.0, saved_as: str = "") -> None:
        """Plays one case and keeps its trace. A machine that fails gets one more try; then there is no trace."""
        if not self._pod and not self._left:
            gone = Vanished(0.0, "it has ended its sandbox in every case before this one")
            self._keep(case, saved_as, [gone])
            return
        for attempt in (1, 2):
            try:
                pod = self._pod or self._open()
                events = _play(pod, case, pace)
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
        if self._pod:
            self._pod.close()
            self._pod = None


def _play(pod: Pod, case: str, pace: float) -> list[Event]:
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


__all__ = ["IMPORT", "Exited", "Graded", "Imported", "Raised", "grade", "rejudge", "selected"]
