"""`grader selftest`: the exercises put to the test; see grader/selftest.py."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Mapping, Sequence
from typing import Any

import click

from grader.catalog import Exercise
from grader.commands.app import FAILED, PASSED, App
from grader.commands.flips import show_flips
from grader.commands.help import Command, option
from grader.commands.matrix import as_data, show_matrix
from grader.flips import known, run
from grader.grading import ISOLATIONS, any_seed, load, open_sandbox
from grader.model import Text, say
from grader.report.language import Language
from grader.selftest import Jobs, Played, busy, changed, chosen, in_rounds, play_all, structure, trials


@click.command(
    "selftest",
    cls=Command,
    about=say("Tries the exercises out: solutions earn every point, stubs none, every mutant fails as it says."),
    examples=(
        ("grader selftest framing", say("one exercise, about half a minute")),
        ("grader selftest framing/solution 'framing/right/*'", say("only these of its programs")),
        ("grader selftest framing --matrix", say("which check fails which mutant, as a table")),
        ("grader selftest --rounds 20 --busy 2", say("everything twenty times, while two loops keep the machine busy")),
    ),
)
@click.argument("wanted", nargs=-1, metavar="[SLUG[/PROGRAM]]...")
@option("--isolation", type=click.Choice(ISOLATIONS), default="process", about=say("where they run; default `process`"))
@option(
    "--rounds", type=click.IntRange(min=1), metavar="N", default=1, about=say("how often, each time with another seed")
)
@option(
    "--busy",
    "loops",
    type=click.IntRange(min=0),
    metavar="N",
    default=0,
    about=say("so many endless loops run meanwhile"),
)
@option(
    "--seed",
    type=click.IntRange(min=0),
    metavar="N",
    about=say("repeats a selftest: the same seeds in the same rounds"),
)
@option(
    "-j",
    "workers",
    type=click.IntRange(min=1),
    metavar="N",
    about=say("how many at a time; by default as many as cores"),
)
@option("--matrix", is_flag=True, about=say("shows which check fails which mutant; every check is played on each"))
@option(
    "--flips",
    type=click.IntRange(min=1),
    metavar="N",
    about=say("grades N right and wrong programs, shuffled, under 0, 2, 4 and 8 endless loops; counts wrong verdicts"),
)
@click.pass_obj
def command(
    app: App,
    wanted: tuple[str, ...],
    isolation: str,
    rounds: int,
    loops: int,
    seed: int | None,
    workers: int | None,
    matrix: bool,
    flips: int | None,
) -> int:
    course = app.course()
    exercises = course.exercises(name.partition("/")[0] for name in wanted)
    load(exercises)
    plan = chosen([t for e in exercises for t in trials(e)], wanted)
    flaws = {e.slug: structure(e) for e in exercises}
    workers = workers or os.cpu_count() or 1
    seed = any_seed() if seed is None else seed
    ended, asked = itertools.count(1), flips or len(plan) * rounds
    with app.bar(asked) as moved:

        def watch(played: Played) -> None:
            moved(next(ended), str(played.trial))

        def play(jobs: Jobs) -> list[Played]:
            with contextlib.closing(open_sandbox(isolation, course, workers)) as sandbox:
                return play_all(jobs, sandbox, workers=workers, whole=matrix, watch=watch)

        if flips:
            counts = run(known(plan), flips, seed, play)
        else:
            with busy(loops):
                played = play(in_rounds(plan, rounds, seed))
    if flips:
        code = show_flips(app, app.speaker(exercises), counts, seed)
    else:
        code = _report(app, exercises, flaws, played, seed, rounds, matrix, asked)
    if next(ended) <= asked:  # Ctrl-C; what was found until then is shown by now
        raise KeyboardInterrupt
    return code


def _report(
    app: App,
    exercises: Sequence[Exercise],
    flaws: Mapping[str, Sequence[Text]],
    played: Sequence[Played],
    seed: int,
    rounds: int,
    matrix: bool,
    asked: int,
) -> int:
    """The exit code. asked: how many gradings there were to be."""
    rows = [_row(e, flaws[e.slug], [p for p in played if p.trial.exercise is e]) for e in exercises]
    faults = _faults(flaws, played)
    language = app.speaker(exercises)
    if app.form == "json":
        found = {"seed": seed, "rounds": rounds, "exercises": rows, "faults": [language.say(f) for f in faults]}
        app.json(found | ({"matrix": as_data(played)} if matrix else {}))
    else:
        for e in exercises if matrix else ():
            show_matrix(app, language, e, [p for p in played if p.trial.exercise is e])
        _show(app, language, rows, faults, seed, rounds, asked)
    return FAILED if faults else PASSED


def _row(e: Exercise, flaws: Sequence[Text], played: Sequence[Played]) -> dict[str, Any]:
    """An exercise in numbers; [as promised, of all] where two stand together."""
    mutants = e.mutants()
    killed = {i for _, kills in mutants.values() for i in kills}

    def kept(kind: str) -> list[int]:
        of_kind = [p for p in played if p.trial.kind == kind]
        return [sum(not p.misses for p in of_kind), len(of_kind)]

    return {
        "slug": e.slug,
        "solution": kept("solution"),
        "right": kept("right"),
        "stub": kept("stub"),
        "mutants": kept("mutant"),
        "checks": [sum(c.id in killed for c in e.checks), len(e.checks)],
        "gradings": len(played),
        "verdicts": sum(len(p.verdicts) for p in played),
        "changed": len(changed(played)),
        "flaws": len(flaws),
    }


def _faults(flaws: Mapping[str, Sequence[Text]], played: Sequence[Played]) -> list[Text]:
    """Everything that is wrong, one sentence each."""
    found = [say("{slug}: {flaw}", slug=slug, flaw=f) for slug, of_one in flaws.items() for f in of_one]
    found += [
        say("{trial}, seed {seed}: {miss}", trial=str(p.trial), seed=p.seed, miss=m)
        for p in sorted(played, key=lambda p: str(p.trial))
        for m in p.misses
    ]
    found += [
        say("{trial}: {id} was {verdicts}", trial=str(t), id=i, verdicts=" / ".join(v.value for v in verdicts))
        for t, i, verdicts in changed(played)
    ]
    return found


def _show(
    app: App,
    language: Language,
    rows: Sequence[dict[str, Any]],
    faults: Sequence[Text],
    seed: int,
    rounds: int,
    asked: int,
) -> None:
    from rich.table import Table

    page = app.page(language)
    heads = {
        "slug": say("exercise"),
        "solution": say("solution"),
        "right": say("right programs"),
        "stub": say("stub"),
        "mutants": say("mutants killed"),
        "checks": say("checks that kill"),
        "gradings": say("gradings"),
        "verdicts": say("verdicts"),
        "changed": say("changed"),
    }
    table = Table(box=None, pad_edge=False)
    for key, head in heads.items():
        table.add_column(page.say(head), justify="left" if key == "slug" else "right")
    for row in rows:
        table.add_row(*("/".join(map(str, v)) if isinstance(v := row[k], list) else str(v) for k in heads))
    app.console().print(table)
    for fault in faults:
        app.show(page.marked("✘", "red", page.say(fault)))
    ended = say("{n} rounds from seed {seed}: all as promised", n=rounds, seed=seed)
    if (done := sum(row["gradings"] for row in rows)) < asked:
        ended = say(
            "{n} of {all} gradings from seed {seed}, faults: {faults}", n=done, all=asked, seed=seed, faults=len(faults)
        )
    elif faults:
        ended = say("{n} rounds from seed {seed}: {faults} faults", n=rounds, seed=seed, faults=len(faults))
    app.show(page.paragraph(page.say(ended), "bold"))
