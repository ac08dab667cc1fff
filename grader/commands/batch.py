"""`grader batch CLASS --out DIR`: a class, graded; see grader/batch.py."""

from __future__ import annotations

import contextlib
import os
from functools import partial
from pathlib import Path

import click

from grader import intake
from grader.batch import Batch, Folder
from grader.commands.app import App
from grader.commands.display import Display
from grader.commands.help import Command, option
from grader.errors import UsageError
from grader.grading import ISOLATIONS, any_seed, load, open_sandbox, take
from grader.model import say


@click.command(
    "batch",
    cls=Command,
    about=say("Grades a class: every submission in a folder, each in a sandbox of its own."),
    more=say(
        "CLASS holds a folder, zip or tar for each student, named by the student's id. DIR gets results/<student>.json"
        " as soon as a student is done, the traces, and at the end summary.json. Whatever ends a batch, what is done is"
        " kept, and the same command goes on from there."
    ),
    examples=(
        ("grader batch class/ --out graded/", say("every exercise, as many workers as cores")),
        ("grader batch class/ --out graded/ -e framing -j 8", say("one exercise, eight workers")),
    ),
)
@click.argument("class_dir", metavar="CLASS")
@option("--out", required=True, metavar="DIR", about=say("where results go; made if it is missing"))
@option("-e", "slugs", multiple=True, metavar="SLUG", about=say("this exercise only; may be given several times"))
@option(
    "-j",
    "workers",
    type=click.IntRange(min=1),
    metavar="N",
    about=say("how many at a time; by default as many as cores"),
)
@option(
    "--isolation",
    type=click.Choice(ISOLATIONS),
    default="docker",
    about=say("`docker` (default), or `process`, which protects this machine from nothing"),
)
@option(
    "--seed", type=click.IntRange(min=0), metavar="N", about=say("repeats a batch: the same cuts, the same contents")
)
@option("--again", is_flag=True, about=say("grades everything anew, also what an earlier batch has settled in DIR"))
@click.pass_obj
def command(
    app: App,
    class_dir: str,
    out: str,
    slugs: tuple[str, ...],
    workers: int | None,
    isolation: str,
    seed: int | None,
    again: bool,
) -> int:
    course = app.course()
    exercises = course.exercises(slugs)
    folder = Folder(_apart(Path(out), Path(class_dir)))
    found = intake.students(Path(class_dir))
    load(exercises)
    folder.ready()
    workers = workers or os.cpu_count() or 1
    language = app.speaker(exercises)
    display = Display(app, language)
    with (
        contextlib.closing(open_sandbox(isolation, course, workers)) as sandbox,
        contextlib.closing(folder.journal(sandbox.made_of, afresh=again)) as journal,
    ):
        seed = next(s for s in (seed, journal.seed, any_seed()) if s is not None)
        display.opening(len(found.students), len(exercises), isolation, workers, seed, found.left_out)
        display.resuming(journal.seed == seed)
        batch = Batch(
            [(student, partial(take, path, course, student)) for student, path in found.students],
            exercises,
            sandbox,
            folder,
            language,
            seed=seed,
            workers=workers,
            journal=journal,
            watch=display.step,
        )
        with display.progress(len(found.students) * len(exercises)):
            outcome = batch.run()
    return display.closing(outcome, folder)


def _apart(out: Path, class_dir: Path) -> Path:
    """DIR must not become a submission of the next batch, nor the class a result."""
    inside, outside = out.resolve(), class_dir.resolve()
    if inside.is_relative_to(outside) or any(outside.is_relative_to(inside / n) for n in ("results", "traces")):
        raise UsageError(
            say("{out} and {path} lie within each other: name another --out", out=str(out), path=str(class_dir))
        )
    return out
