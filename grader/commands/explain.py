"""`grader explain CODE`: a known mistake, or a check, in full."""

from __future__ import annotations

from collections.abc import Sequence

import click

from grader import refusal
from grader.catalog import Exercise
from grader.checks import Check
from grader.commands.app import PASSED, App
from grader.commands.help import Command
from grader.commands.names import with_nearest
from grader.errors import UsageError
from grader.grading import mistakes
from grader.model import Mistake, Severity, say
from grader.report.record import number
from grader.report.text import explanation

SEVERITY = {Severity.MUST: say("must"), Severity.SHOULD: say("should"), Severity.BONUS: say("bonus")}


@click.command(
    "explain",
    cls=Command,
    about=say("Explains a mistake that a report names, or a check: what it asks for and what it is worth."),
    examples=(
        ("grader explain single-recv", say("a mistake")),
        ("grader explain framing.recv.glued", say("a check")),
    ),
)
@click.argument("code")
@click.pass_obj
def command(app: App, code: str) -> int:
    exercises = app.course().exercises()
    for e in exercises:
        for c in e.checks:
            if c.id == code:
                _check(app, e, c)
                return PASSED
    known = {c: m for e in reversed(exercises) for c, m in mistakes(e).items()}
    if code in known:
        _mistake(app, known[code], [e for e in exercises if code in mistakes(e)])
        return PASSED
    names = [*known, *(c.id for e in exercises for c in e.checks)]
    raise UsageError(with_nearest(say("No mistake and no check is called {code}.", code=code), code, names))


def _mistake(app: App, mistake: Mistake, exercises: Sequence[Exercise]) -> None:
    language = app.speaker(exercises)
    everywhere = any(m.code == mistake.code for m in refusal.MISTAKES)
    if app.form == "json":
        app.json(
            {
                "mistake": mistake.code,
                "sentence": language.say(mistake.sentence),
                "hint": language.say(mistake.hint),
                "wrong": mistake.wrong,
                "exercises": [e.slug for e in exercises],
            }
        )
        return
    page = app.page(language)
    app.show(explanation(mistake, page))
    slugs = ", ".join(e.slug for e in exercises)
    where = say("It can be made in every exercise.") if everywhere else say("Seen in: {slugs}", slugs=slugs)
    app.echo("")
    app.show(page.paragraph(page.say(where), "dim"))


def _check(app: App, e: Exercise, c: Check) -> None:
    language = app.speaker([e])
    if app.form == "json":
        app.json(
            {
                "check": c.id,
                "requirement": language.say(c.requirement),
                "severity": c.severity.value,
                "points": number(c.points),
                "needs": list(c.needs),
                "case": c.case,
            }
        )
        return
    page = app.page(language)
    facts = [
        say("{severity}, {points} points", severity=SEVERITY[c.severity], points=number(c.points)),
        *([say("needs {ids}", ids=", ".join(c.needs))] if c.needs else []),
    ]
    app.echo(page.raw(c.id))
    app.show(page.paragraph(page.say(c.requirement)))
    app.show(page.paragraph(page.joined(facts), "dim"))
