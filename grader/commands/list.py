"""`grader list`: the exercises of the course."""

from __future__ import annotations

import unicodedata
from typing import Any

import click

from grader.catalog import Exercise
from grader.commands.app import PASSED, App
from grader.commands.help import Command
from grader.model import say


@click.command(
    "list",
    cls=Command,
    about=say("Lists the exercises, in the order of the course."),
    examples=(("grader list --lang zh", say("titles and messages in Chinese")),),
)
@click.pass_obj
def command(app: App) -> int:
    exercises = app.course().exercises()
    if app.form == "json":
        app.json({"exercises": [_data(e) for e in exercises]})
        return PASSED
    language = app.speaker()
    heads = [say("no."), say("slug"), say("section"), say("points"), say("title")]
    rows = [[language.say(h) for h in heads], *(_row(e, language.lang) for e in exercises)]
    widths = [max(_cells(row[i]) for row in rows) for i in range(len(heads) - 1)]
    for *row, title in rows:
        app.echo("  ".join([*(s + " " * (w - _cells(s)) for s, w in zip(row, widths, strict=True)), title]))
    return PASSED


def _cells(s: str) -> int:
    """As grader.report.layout would measure it, which takes longer to import than this command to run."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in s)


def _row(e: Exercise, lang: str) -> list[str]:
    title = e.meta.title.zh if lang == "zh" else e.meta.title.en
    return [str(e.meta.order), e.slug, e.meta.section, f"{e.meta.points:g}", title]


def _data(e: Exercise) -> dict[str, Any]:
    meta = e.meta
    return {
        "slug": e.slug,
        "order": meta.order,
        "section": meta.section,
        "title": {"zh": meta.title.zh, "en": meta.title.en},
        "modules": list(meta.modules),
        "points": meta.points,
    }
