"""The summary of a class: a plain dict with the keys of schema/summary.json, from the records. Pure. Layer 3."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from statistics import fmean, median
from typing import Any

from grader import __version__
from grader.model import Verdict
from grader.report.record import SCHEMA, Record, number


def changes(earlier: Mapping[str, Any], data: Mapping[str, Any]) -> list[Record]:
    """The checks that the same submission passed in its earlier record and fails now, or the other way round.

    What is no record (a file may have been edited, or come from another version) says nothing.
    """
    try:
        was = {c["id"]: c["verdict"] for _, c in _checks_of([earlier])}
        same = earlier["submission_sha256"] == data["submission_sha256"]
    except (KeyError, TypeError):
        return []
    if not same:
        return []
    pairs = [(c["id"], was.get(c["id"]), c["verdict"]) for _, c in _checks_of([data])]
    return [{"check": check, "was": old} for check, old, new in pairs if {old, new} == {Verdict.PASS, Verdict.FAIL}]


def summary(records: Iterable[Mapping[str, Any]]) -> Record:
    """A class as one dict by schema/summary.json, from the records of its submissions; students by their ids."""
    students = sorted(records, key=lambda r: str(r["student"]))
    scores = [r["score"] for r in students]
    verdicts = Counter(c["verdict"] for _, c in _checks_of(students))
    return {
        "schema": SCHEMA,
        "grader": __version__,
        "totals": {
            "students": len(students),
            "perfect": sum(r["score"] >= r["max_score"] > 0 for r in students),
            "mean": number(fmean(scores)) if scores else 0,
            "median": number(median(scores)) if scores else 0,
            **{v.value: verdicts[v.value] for v in Verdict},
        },
        "students": [_student(r) for r in students],
        "exercises": _exercises(students),
        "mistakes": _mistakes(students),
        "alike": _alike(students),
        "changed": [{"student": r["student"], **c} for r in students for c in r.get("changed", ())],
    }


def _student(r: Mapping[str, Any]) -> Record:
    return {
        "student": r["student"],
        "isolation": r["isolation"],
        "score": r["score"],
        "max_score": r["max_score"],
        "undecided": sum(c["verdict"] == Verdict.UNDECIDED for _, c in _checks_of([r])),
        "refused": "refused" in r,
        "exercises": {e["slug"]: e["score"] for e in r["exercises"]},
    }


def _exercises(students: list[Mapping[str, Any]]) -> list[Record]:
    """Per exercise, in the order in which the records have them: mean score, and per check how it ended how often."""
    graded: dict[str, list[Mapping[str, Any]]] = {}
    for e in (e for r in students for e in r["exercises"]):
        graded.setdefault(e["slug"], []).append(e)
    return [
        {
            "slug": slug,
            "max_score": max(e["max_score"] for e in reports),
            "students": len(reports),
            "mean": number(fmean(e["score"] for e in reports)),
            "checks": _ended([c for e in reports for c in e["checks"]]),
        }
        for slug, reports in graded.items()
    ]


def _ended(checks: list[Mapping[str, Any]]) -> list[Record]:
    count = Counter((c["id"], c["verdict"]) for c in checks)
    return [{"id": i, **{v.value: count[i, v.value] for v in Verdict}} for i in dict.fromkeys(c["id"] for c in checks)]


def _mistakes(students: list[Mapping[str, Any]]) -> list[Record]:
    """How many students made which mistake in which exercise, the commonest first."""
    made = {(r["student"], slug, c["mistake"]) for r in students for slug, c in _checks_of([r]) if c["mistake"]}
    count = Counter((slug, code) for _, slug, code in made)
    ordered = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    return [{"mistake": code, "slug": slug, "students": n} for (slug, code), n in ordered]


def _alike(students: list[Mapping[str, Any]]) -> list[Record]:
    """Whose programs are the same but for names, comments and layout, as each other's or as the solution."""
    found: dict[tuple[str, str], list[str]] = {}
    solutions = {(e["slug"], e["form"]) for r in students for e in r["exercises"] if e.get("as_solution")}
    for slug, form, student in ((e["slug"], e.get("form"), r["student"]) for r in students for e in r["exercises"]):
        if form:
            found.setdefault((slug, form), []).append(student)
    return [
        {"slug": slug, "students": names, "solution": (slug, form) in solutions}
        for (slug, form), names in sorted(found.items())
        if len(names) > 1 or (slug, form) in solutions
    ]


def _checks_of(records: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(slug, check) of every check of every exercise."""
    return ((e["slug"], c) for r in records for e in r["exercises"] for c in e["checks"])
