"""`grader selftest --flips N`: how often a verdict is wrong; see grader/flips.py."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from grader.commands.app import FAILED, PASSED, App
from grader.flips import COUNTS, Flips, total, upper
from grader.model import say
from grader.report.language import Language


def show_flips(app: App, language: Language, rows: Sequence[Flips], seed: int) -> int:
    """The table, or the same as JSON; the exit code. An UNDECIDED is no wrong verdict: only the others fail."""
    whole = total(rows)
    if app.form == "json":
        bounds = {name: upper(getattr(whole, name), whole.gradings) for name in COUNTS[1:]}
        app.json({"seed": seed, "loads": [dataclasses.asdict(r) for r in rows], "upper_bounds": bounds})
    else:
        _show(app, language, [*rows, whole], seed)
    return FAILED if whole.false_fails or whole.missed else PASSED


def _show(app: App, language: Language, rows: Sequence[Flips], seed: int) -> None:
    from rich.table import Table

    page = app.page(language)
    heads = (say("busy loops"), say("gradings"), say("false fails"), say("missed mistakes"), say("undecided"))
    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(page.say(head), justify="right")
    for row in rows:
        table.add_row(row.load, *(str(getattr(row, name)) for name in COUNTS))
    whole = rows[-1]
    table.add_row("", "95 %", *(f"< {100 * upper(getattr(whole, name), whole.gradings):.3g} %" for name in COUNTS[1:]))
    app.console().print(table)
    app.echo(*whole.wrong)
    app.show(page.paragraph(page.say(say("seed {seed}", seed=seed)), "dim"))
