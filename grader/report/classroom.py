"""What `grader batch` prints at its end: a class on one screen, from the dict that `summary.summary` makes. Layer 3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.model import Text, say
from grader.report.layout import Line, pad, widest
from grader.report.page import Page

MOST = 5  # of a kind are named

Summary = Mapping[str, Any]


def classroom(summary: Summary, page: Page) -> Iterator[Line]:
    """A row for each student with a column for each exercise while they fit, the class in one line, its mistakes."""
    if summary["students"]:
        yield from _table(summary, page)
        yield Line()
    totals = summary["totals"]
    facts = [
        say("{n} submissions", n=totals["students"]),
        say("mean {points}", points=totals["mean"]),
        say("median {points}", points=totals["median"]),
        say("full marks {n}", n=totals["perfect"]),
        say("{n} undecided", n=totals["undecided"]),
    ]
    yield from page.paragraph(page.joined(f for f in facts if f.values.get("n") != 0), "bold")
    for m in summary["mistakes"][:MOST]:
        text = say("{n} × {mistake} in {slug}", n=m["students"], mistake=m["mistake"], slug=m["slug"])
        yield from page.paragraph(page.say(text), indent="  ")
    for changed in summary["changed"][:MOST]:
        yield from page.paragraph(page.say(_changed(changed)), indent="  ")
    for found in summary["alike"][:MOST]:
        yield from page.paragraph(page.say(_alike(found)), indent="  ")


def _changed(changed: Summary) -> Text:
    if changed["was"] == "pass":
        return say("{student}: {check} fails now, and had passed", student=changed["student"], check=changed["check"])
    return say("{student}: {check} passes now, and had failed", student=changed["student"], check=changed["check"])


def _alike(found: Summary) -> Text:
    names = ", ".join(found["students"][:MOST]) + ", …" * (len(found["students"]) > MOST)
    if found["solution"]:
        return say("{slug}: {names}: the solution itself, but for names and comments", slug=found["slug"], names=names)
    return say("{slug}: {names}: the same program, but for names and comments", slug=found["slug"], names=names)


def _table(summary: Summary, page: Page) -> Iterator[Line]:
    slugs = [e["slug"] for e in summary["exercises"]]
    rows = [_row(s, slugs, page) for s in summary["students"]]
    head = [page.say(say("student")), page.say(say("score")), *slugs]
    widths = [widest(column) for column in zip(head, *(cells for cells, _ in rows), strict=True)]
    while len(widths) > 2 and sum(widths) + 2 * len(widths) > page.width:
        widths.pop()
    yield _line(head, widths, "", "bold")
    for cells, note in rows:
        yield _line(cells, widths, note)


def _row(student: Summary, slugs: list[str], page: Page) -> tuple[list[str], str]:
    """The cells of a student and what stands after them."""
    earned = student["exercises"]
    cells = [page.raw(student["student"]), f"{student['score']}/{student['max_score']}"]
    notes = [say("refused")] if student["refused"] else []
    notes += [say("{n} undecided", n=student["undecided"])] if student["undecided"] else []
    return cells + [str(earned.get(slug, "")) for slug in slugs], page.joined(notes)


def _line(cells: list[str], widths: list[int], note: str, style: str = "") -> Line:
    """The first column to the left, numbers to the right."""
    shown = [pad(c, w, right=i > 0) for i, (c, w) in enumerate(zip(cells, widths, strict=False))]
    line = Line.assemble(("  ".join(shown), style), (f"  {note}" if note else "", "yellow"))
    line.rstrip()
    return line
