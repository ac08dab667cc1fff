"""`grader check`: one submission, graded and remembered. What is kept of it: grader/last.py."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from grader import intake, last
from grader.catalog import Course, Exercise
from grader.commands.app import FAILED, PASSED, TROUBLE, App
from grader.commands.help import Command, option
from grader.commands.names import must_be_check
from grader.errors import MachineError, UsageError
from grader.grading import (
    FOLDER,
    ISOLATIONS,
    any_seed,
    failed,
    load,
    now,
    open_sandbox,
    take,
    undecided,
    whole_submission,
)
from grader.last import Checked
from grader.model import Snapshot, say
from grader.pods import Pods
from grader.report import text
from grader.report.record import record
from grader.run import Graded, grade, selected


@click.command(
    "check",
    cls=Command,
    about=say("Checks your work: what is wrong, where, and how to see it again."),
    more=say(
        "Without a SLUG, every exercise that the submission has is checked. A submission is a folder with a folder for"
        " each exercise (framing/framing.py), or a zip or tar of it. What happened is kept in .grader."
    ),
    examples=(
        ("grader check", say("everything that is in this folder")),
        ("grader check framing --all", say("one exercise, every failure in full")),
        ("grader check framing --only framing.recv.glued --seed 7", say("one check again, played in the same way")),
        ("grader check -C alice.zip --isolation docker", say("somebody else's work, in a sandbox")),
        ("grader check --rejudge", say("the last run judged again; nothing runs")),
    ),
)
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@option("-C", "path", default=".", metavar="PATH", about=say("the submission; by default the current folder"))
@option(
    "--isolation",
    type=click.Choice(ISOLATIONS),
    default="process",
    about=say(
        "where the code runs: `process` (default) is for your own code on your own machine, `docker` for others'"
    ),
)
@option("--only", multiple=True, metavar="ID", about=say("this check and what it needs; may be given several times"))
@option("--seed", type=click.IntRange(min=0), metavar="N", about=say("repeats a run: the same cuts, the same contents"))
@option("--rejudge", "again", is_flag=True, about=say("judges what the last run has left; nothing runs"))
@option("--all", "everything", is_flag=True, about=say("every failure in full, and the evidence of what passed"))
@click.pass_obj
def command(
    app: App,
    slugs: tuple[str, ...],
    path: str,
    isolation: str,
    only: tuple[str, ...],
    seed: int | None,
    again: bool,
    everything: bool,
) -> int:
    course = app.course()
    submission, standing_in = whole_submission(Path(path), course)
    named = slugs or tuple(i.partition(".")[0] for i in only) or standing_in
    folder = (submission if submission.is_dir() else submission.parent) / FOLDER
    if again:
        if only or seed is not None:
            raise UsageError(say("--rejudge judges what the last check has left: leave out --only and --seed."))
        return _show(app, _of(last.read(folder, course), named), folder, everything)
    snapshot = take(submission, course, _student(submission))
    exercises, absent = _chosen(snapshot, course, named, submission)
    load(exercises)
    ids = [c.id for e in exercises for c in e.checks]
    only = tuple(must_be_check(i, ids) for i in only)
    seed = any_seed() if seed is None else seed
    started = now()
    graded = _grade(app, exercises, snapshot, isolation, seed, only)
    checked = Checked(snapshot, isolation, started, graded, only, absent)
    kept = _keep(app, folder, checked)
    return _show(app, checked, folder if kept else None, everything)


# --- what is to be graded ------------------------------------------------------------------------------------------


def _student(submission: Path) -> str:
    """An id, however the folder is called: on one's own machine it serves as a label only."""
    name = intake.SUFFIXES.sub("", submission.resolve().name)
    return re.sub(r"[^\w.@-]", "-", name)[:64].strip(".") or "me"


def _chosen(
    snapshot: Snapshot, course: Course, named: tuple[str, ...], path: Path
) -> tuple[tuple[Exercise, ...], tuple[str, ...]]:
    """The exercises named, or those that the submission has; and the slugs of those that it lacks."""
    if named:
        return course.exercises(named), ()
    if snapshot.refused:
        return (), ()
    there = tuple(s for s in course.slugs if s in snapshot.files)
    if not there:
        first = course.exercises()[0]
        raise UsageError(
            say(
                "{path} holds no exercise: {example} would be one. `grader start {slug}` makes it.",
                path=str(path),
                example=f"{first.slug}/{first.meta.modules[0]}",
                slug=first.slug,
            )
        )
    return course.exercises(there), tuple(s for s in course.slugs if s not in there)


# --- grading it ----------------------------------------------------------------------------------------------------


def _grade(
    app: App, exercises: Sequence[Exercise], snapshot: Snapshot, isolation: str, seed: int, only: tuple[str, ...]
) -> tuple[Graded, ...]:
    """Several side by side; those that are worth most first, so that nothing long is left for the end."""
    largest_first = sorted(exercises, key=lambda e: -sum(c.points for c in e.checks))
    ahead = [e.meta.limits for e in largest_first if e.slug in snapshot.files]
    pods = Pods(open_sandbox(isolation, app.course()), 1, ahead)
    places = Places((os.cpu_count() or 1) + 1)  # one more, because each waits now and then
    with ThreadPoolExecutor(max(1, len(exercises)), "grader-check") as pool, contextlib.closing(pods):
        pods.warm()
        with _progress(app, exercises, only) as progress:

            def play(e: Exercise) -> Graded:
                with places.taken():
                    told = partial(progress, e.slug)
                    return grade(e, snapshot, pods, seed=seed, only=only, progress=told, meanwhile=places.lent)

            playing = {e.slug: pool.submit(play, e) for e in largest_first}
            for ended in as_completed(playing.values()):
                ended.result()  # raises what stops them all
    return tuple(playing[e.slug].result() for e in exercises)


class Places:
    """So many may work at the same time. Who only waits lends its place to another."""

    def __init__(self, count: int) -> None:
        self._free = threading.Semaphore(count)

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        with self._free:
            yield

    @contextlib.contextmanager
    def lent(self) -> Iterator[None]:
        self._free.release()
        try:
            yield
        finally:
            self._free.acquire()


@contextlib.contextmanager
def _progress(app: App, exercises: Sequence[Exercise], only: tuple[str, ...]) -> Iterator[Callable[[str, str], None]]:
    """On a terminal a line that says which case is being played, and that is gone at the end."""
    if not app.err.isatty():
        yield lambda slug, case: None
        return
    from rich.text import Text as Line

    total = sum(len({c.case for c in selected(e.checks, only)}) for e in exercises)
    played: list[str] = []
    with app.console(app.err).status("") as status:

        def progress(slug: str, case: str) -> None:
            played.append(case)
            status.update(Line(f"{len(played)}/{max(total, len(played))}  {slug}  {case}"))

        yield progress


def _keep(app: App, folder: Path, checked: Checked) -> bool:
    try:
        last.save(folder, checked)
    except (UsageError, MachineError) as e:
        app.warn(say("{error}. The results are right, but --rejudge will not have them.", error=e.text))
        return False
    return True


def _of(checked: Checked, named: tuple[str, ...]) -> Checked:
    """Of what was checked, the exercises that are named."""
    if not named:
        return checked
    graded = tuple(g for g in checked.graded if g.exercise.slug in named)
    if not graded:
        raise UsageError(say("The last check was of other exercises: run `grader check {slug}` first.", slug=named[0]))
    return replace(checked, graded=graded, absent=())


# --- saying it -----------------------------------------------------------------------------------------------------


def _show(app: App, checked: Checked, folder: Path | None, everything: bool) -> int:
    exercises = [g.exercise for g in checked.graded]
    language, report = app.speaker(exercises), checked.report()
    if app.form == "json":
        app.json(record(report, language))
        return _code(checked)
    page = app.page(language, everything, _as_typed(folder) if folder else "")
    app.show(text.submission(report, page))
    if checked.absent:
        names = say("Not in this submission: {slugs}", slugs=", ".join(checked.absent))
        app.show(page.paragraph(page.say(names), "dim"))
    return _code(checked)


def _code(checked: Checked) -> int:
    results = [r for g in checked.graded for r in g.results]
    if checked.snapshot.refused or failed(results, checked.only):
        return FAILED
    return TROUBLE if undecided(results) else PASSED


def _as_typed(folder: Path) -> str:
    """The shorter of the two ways to name it from here."""
    names = [str(folder)]
    with contextlib.suppress(ValueError):  # on Windows, another drive
        names.append(os.path.relpath(folder))
    return min(names, key=len)
