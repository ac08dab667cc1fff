"""The record of one submission: a plain dict with the keys of schema/result.json. Layer 3.

Every other format is a function of this record. Rule 1: the same results give the same bytes: a fixed order of keys,
rounded numbers, nothing that depends on when it is written. Rule 2: texts in it are said in one language and already
escaped (see language.py), so that printing the JSON harms nobody. Rule 3: a record read back and written again is the
same record; that is what judging again builds on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader import __version__
from grader.judge import RETRY
from grader.model import Mistake, Result, Severity, Text, Trace, Verdict
from grader.report import escape
from grader.report.language import Language

SCHEMA = 1
NAME_SIZE = 200  # characters of a file name or place that a submission chose
LOADING = "import"  # the case in which nothing but the import of the modules is played
IGNORED = 50  # names of ignored files that a record lists

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ExerciseReport:
    """One exercise of one submission. max_points: without bonus. traces: by the name of the case. form: of its modules,
    see likeness.py; as_solution: it is that of the solution."""

    slug: str
    title: Mapping[str, str]
    seed: int
    results: tuple[Result, ...]
    max_points: float
    seconds: float
    mistakes: Mapping[str, Mistake] = field(default_factory=dict)
    traces: Mapping[str, Trace] = field(default_factory=dict)
    form: str = ""
    as_solution: bool = False

    @property
    def points(self) -> float:
        return sum(r.points for r in self.results)

    def case_of(self, result: Result) -> str | None:
        """The case whose trace shows this result: its own, played again rather than first, or a failed import."""
        loading = [LOADING] if result.verdict is Verdict.FAIL else []
        return next((c for c in (result.case + RETRY, result.case, *loading) if c in self.traces), None)


@dataclass(frozen=True, slots=True)
class SubmissionReport:
    """One submission. image: "" without one. started: ISO 8601 in UTC with a Z."""

    student: str
    sha256: str
    isolation: str
    image: str
    python: str
    started: str
    seconds: float
    exercises: tuple[ExerciseReport, ...]
    ignored: tuple[str, ...] = ()
    refused: Text | None = None


def trace_name(slug: str, case: str) -> str:
    """Where the trace of a case lies: ("framing", "recv.header-split") → "framing/recv-header-split.jsonl".

    Of a case played again: "framing/recv-header-split.retry.jsonl".
    """
    again = RETRY if case.endswith(RETRY) else ""
    return f"{slug}/{case.removesuffix(RETRY).replace('.', '-')}{again}.jsonl"


def replay(slug: str, check: str, seed: int) -> str:
    """The command that plays one check again in the same way."""
    return f"grader check {slug} --only {check} --seed {seed}"


def number(x: float) -> int | float:
    """Points and seconds as people write them: at most two places, no `.0`."""
    rounded = round(x, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def record(report: SubmissionReport, language: Language) -> Record:
    """The record of a submission, its texts in `language`. `ignored` and `refused` are there only if there is any."""
    data: Record = {
        "schema": SCHEMA,
        "student": report.student,
        "submission_sha256": report.sha256,
        "grader": __version__,
        "isolation": report.isolation,
        "image": report.image,
        "python": report.python,
        "score": number(sum(e.points for e in report.exercises)),
        "max_score": number(sum(e.max_points for e in report.exercises)),
        "started": report.started,
        "seconds": number(report.seconds),
    }
    if report.ignored:
        data["ignored"] = [_name(n) for n in report.ignored[:IGNORED]]
    if report.refused:
        data["refused"] = language.say(report.refused)
    data["exercises"] = [_exercise(e, language) for e in report.exercises]
    return data


def to_json(data: Record) -> str:
    """Stable byte for byte; for a record and for a summary (see summary.py)."""
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def report_from(data: Mapping[str, Any]) -> SubmissionReport:
    """The report that `record` wrote, texts as they were said; titles, mistakes and traces are not in a record.

    Raises KeyError or ValueError where `data` does not follow schema/result.json: validate it before.
    """
    return SubmissionReport(
        student=data["student"],
        sha256=data["submission_sha256"],
        isolation=data["isolation"],
        image=data["image"],
        python=data["python"],
        started=data["started"],
        seconds=data["seconds"],
        exercises=tuple(_exercise_from(e) for e in data["exercises"]),
        ignored=tuple(data.get("ignored", ())),
        refused=_text(data.get("refused")),
    )


def _exercise(e: ExerciseReport, language: Language) -> Record:
    data: Record = {
        "slug": e.slug,
        "score": number(e.points),
        "max_score": number(e.max_points),
        "seed": e.seed,
    }
    if e.form:
        data["form"] = e.form
    if e.as_solution:
        data["as_solution"] = True
    return {**data, "checks": [_check(e, r, language) for r in e.results]}


def _check(e: ExerciseReport, r: Result, language: Language) -> Record:
    failed = r.verdict is Verdict.FAIL
    seen = language.say(r.actual) if r.actual else None
    data = {
        "id": r.id,
        "severity": r.severity.value,
        "verdict": r.verdict.value,
        "points": number(r.points),
        "max_points": number(r.max_points),
        "requirement": language.say(r.requirement),
        "expected": language.say(r.expected) if r.expected and failed else None,
        "actual": seen if failed else None,
        "where": _name(r.where) if r.where else None,
        "mistake": r.mistake,
        "blocked_by": r.blocked_by,
        "trace": trace_name(e.slug, case) if (case := e.case_of(r)) else None,
        "replay": replay(e.slug, r.id, e.seed),
    }
    return data if failed or seen is None else data | {"reason": seen}


def _exercise_from(data: Mapping[str, Any]) -> ExerciseReport:
    results = tuple(_result_from(c) for c in data["checks"])
    cases = {r.case for r in results if r.case}
    return ExerciseReport(
        slug=data["slug"],
        title={},
        seed=data["seed"],
        results=results,
        max_points=data["max_score"],
        seconds=0,
        traces={case: Trace(case, ()) for case in cases},
        form=data.get("form", ""),
        as_solution=data.get("as_solution", False),
    )


def _result_from(c: Mapping[str, Any]) -> Result:
    """`case` comes back as the trace's file name spells it, or empty where there is no trace."""
    return Result(
        id=c["id"],
        severity=Severity(c["severity"]),
        verdict=Verdict(c["verdict"]),
        max_points=c["max_points"],
        requirement=Text(c["requirement"]),
        case=c["trace"].split("/")[-1].removesuffix(".jsonl") if c["trace"] else "",
        expected=_text(c["expected"]),
        actual=_text(c["actual"] if c["actual"] is not None else c.get("reason")),
        where=c["where"],
        mistake=c["mistake"],
        blocked_by=c["blocked_by"],
    )


def _text(said: str | None) -> Text | None:
    return None if said is None else Text(said)


def _name(s: str) -> str:
    return escape.line(s, NAME_SIZE)
