"""The kill matrix of `grader selftest --matrix`: mutants down, checks across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.catalog import Exercise
from grader.commands.app import App
from grader.model import Verdict, say
from grader.report.language import Language
from grader.selftest import Played

CELLS = {Verdict.PASS: "·", Verdict.FAIL: "x", Verdict.BLOCKED: "-", Verdict.UNDECIDED: "?"}
NAMED = "✘"  # a failure that the mutant's first line names


def as_data(played: Sequence[Played]) -> dict[str, dict[str, dict[str, str]]]:
    """slug → mutant → check → verdict, of the last round."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for p in played:
        if p.trial.kind == "mutant":
            row = {check: verdict.value for check, verdict in p.verdicts.items()}
            found.setdefault(p.trial.exercise.slug, {})[name_of(p)] = row
    return found


def name_of(p: Played) -> str:
    return p.trial.name.removeprefix("mutants/")


def cells(ids: Sequence[str], kills: Sequence[str], verdicts: Mapping[str, Verdict]) -> str:
    """One character per check: see CELLS and NAMED; a blank where it was not judged."""
    marks = {i: NAMED if v is Verdict.FAIL and i in kills else CELLS[v] for i, v in verdicts.items()}
    return "".join(marks.get(i, " ") for i in ids)


def show_matrix(app: App, language: Language, exercise: Exercise, played: Sequence[Played]) -> None:
    """The checks with their numbers, then a row for each mutant: its cells, and the mistakes that its report names."""
    from rich.table import Table

    ids = [c.id for c in exercise.checks]
    page = app.page(language)
    legend = say("✘ fails, as the mutant says · x fails too · - blocked by another · ? undecided · “·” passes")
    app.show(page.paragraph(f"{exercise.slug}: {page.say(legend)}", "bold"))
    app.echo(*(f"{number:>4} {i}" for number, i in enumerate(ids, 1)))
    table = Table(box=None, pad_edge=False)
    ruler = "".join(str(n % 10) if n % 10 else str(n // 10 % 10) for n in range(1, len(ids) + 1))
    for head in (page.say(say("mutant")), ruler, page.say(say("mistakes named"))):
        table.add_column(head, no_wrap=head == ruler)
    for p in sorted((p for p in played if p.trial.kind == "mutant"), key=name_of):
        codes = dict.fromkeys(p.mistakes[i] for i in ids if i in p.mistakes)
        table.add_row(name_of(p), cells(ids, p.trial.kills, p.verdicts), ", ".join(codes))
    app.console().print(table)
