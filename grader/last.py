"""The last check of a submission, kept in its folder so that it can be judged again without running anything. Layer 7.

    .grader/last.json                        what a report needs besides traces
    .grader/framing/recv-header-split.jsonl  the traces

Rule: what is read back gives the same report, byte for byte, as long as the checks are the same. last.json is written
after the traces and removed before them, so it never speaks of traces of another run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import store
from grader.catalog import Course
from grader.checks import Violation
from grader.errors import UsageError
from grader.grading import submission_report
from grader.model import Snapshot, Text, say
from grader.refusal import not_attempted
from grader.report.record import SubmissionReport
from grader.run import Graded, rejudge, selected
from grader.sandbox.base import PodInfo

FORMAT = 1
FILE = "last.json"


@dataclass(frozen=True, slots=True)
class Checked:
    """One `grader check`. only: ids of the checks that were asked for. absent: slugs that the submission lacks."""

    snapshot: Snapshot
    isolation: str
    started: str
    graded: tuple[Graded, ...]
    only: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    def report(self) -> SubmissionReport:
        return submission_report(self.snapshot, self.isolation, self.started, self.graded)


def save(folder: Path, checked: Checked) -> None:
    """Raises UsageError or MachineError where the folder cannot be written."""
    store.make(folder)
    with store.blaming(folder):
        (folder / FILE).unlink(missing_ok=True)
    for g in checked.graded:
        store.write_traces(folder, g.exercise.slug, g.traces)
    store.write_json(folder / FILE, _data(checked))


def read(folder: Path, course: Course) -> Checked:
    """What `save` kept, judged by today's checks. Raises UsageError where there is nothing that could be."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if data["last"] != FORMAT:
            raise ValueError
        return _checked(data, folder, course)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as e:
        raise UsageError(
            say("{path} holds no check that could be judged again: run `grader check` first", path=str(folder))
        ) from e


def _data(checked: Checked) -> dict[str, Any]:
    report, snapshot = checked.report(), checked.snapshot
    return {
        "last": FORMAT,
        "student": snapshot.student,
        "sha256": snapshot.sha256,
        "isolation": checked.isolation,
        "image": report.image,
        "python": report.python,
        "started": checked.started,
        "seconds": report.seconds,
        "ignored": list(snapshot.ignored),
        "refused": _plain(snapshot.refused),
        "only": list(checked.only),
        "absent": list(checked.absent),
        "exercises": [_exercise(g, snapshot) for g in checked.graded],
    }


def _exercise(g: Graded, snapshot: Snapshot) -> dict[str, Any]:
    refusal = not_attempted(snapshot, g.exercise.slug, g.exercise.stubs)
    return {
        "slug": g.exercise.slug,
        "seed": g.seed,
        "seconds": g.seconds,
        "ran": g.info is not None,
        "refusal": refusal
        and {"expected": _plain(refusal.expected), "actual": _plain(refusal.actual), "mistake": refusal.mistake},
    }


def _checked(data: Mapping[str, Any], folder: Path, course: Course) -> Checked:
    snapshot = Snapshot(data["student"], {}, data["sha256"], _text(data["refused"]), tuple(data["ignored"]))
    info = PodInfo(data["isolation"], data["python"], data["image"], 0)
    only = tuple(data["only"])
    graded = [_graded(e, folder, course, info, only) for e in data["exercises"]]
    return Checked(snapshot, data["isolation"], data["started"], tuple(graded), only, tuple(data["absent"]))


def _graded(data: Mapping[str, Any], folder: Path, course: Course, info: PodInfo, only: Sequence[str]) -> Graded:
    exercise = course.exercise(data["slug"])
    traces = store.read_traces(folder, exercise.slug)
    said = data["refusal"]
    refusal = said and Violation(
        _text(said["expected"]) or Text(""), _text(said["actual"]) or Text(""), said["mistake"], None
    )
    results = rejudge(selected(exercise.checks, only), traces, refusal)
    return Graded(exercise, data["seed"], results, traces, info if data["ran"] else None, data["seconds"])


def _plain(x: Any) -> Any:
    """A Text, and the Texts among its values, as JSON."""
    return {"say": x.template, "values": {k: _plain(v) for k, v in x.values.items()}} if isinstance(x, Text) else x


def _text(x: Any) -> Text | None:
    return None if x is None else _unplain(x)


def _unplain(x: Any) -> Any:
    return Text(x["say"], {k: _unplain(v) for k, v in x["values"].items()}) if isinstance(x, dict) else x
