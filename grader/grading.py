"""What every face does with a submission: open a sandbox, grade, and put the results into a report. Layer 7."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from grader import intake, refusal
from grader.catalog import PACKAGE, Course, Exercise, translations
from grader.likeness import form
from grader.model import Mistake, Result, Severity, Snapshot, Text, Verdict, say
from grader.report.language import Language
from grader.report.record import ExerciseReport, SubmissionReport
from grader.run import Graded
from grader.sandbox.base import PodInfo, Sandbox

ISOLATIONS = ("process", "docker")
FOLDER = ".grader"  # in a submission's folder: what the last check has left
READMES = ("README.md", "README.zh.md")  # of an exercise, handed out with its stubs


def open_sandbox(isolation: str, course: Course, workers: int = 1) -> Sandbox:
    """The sandbox of that name. Raises MachineError where there is none to be had; the text says what to do."""
    if isolation == "docker":
        from grader.sandbox.docker import DockerSandbox  # lazily: a student needs no Docker, and no time for its SDK

        return DockerSandbox(course.bundle(), workers=workers)
    from grader.sandbox.process import ProcessSandbox

    return ProcessSandbox(course.bundle())


def whole_submission(path: Path, course: Course) -> tuple[Path, tuple[str, ...]]:
    """The submission that `path` means. Where that is the folder of one exercise, the one around it and the slug."""
    here = path.resolve()
    if here.name in course.slugs and any((here / m).exists() for m in course.modules()[here.name]):
        return here.parent, (here.name,)
    return path, ()


def take(path: Path, course: Course, student: str | None = None) -> Snapshot:
    """The submission as `intake.take` takes it, without word of what we put there ourselves."""
    snapshot = intake.take(path, course.modules(), student)
    ours = {FOLDER, *(f"{slug}/{name}" for slug in course.slugs for name in READMES)}
    return replace(snapshot, ignored=tuple(n for n in snapshot.ignored if n not in ours))


def load(exercises: Iterable[Exercise]) -> None:
    """Reads all that an exercise needs, so that what is broken is known before anything runs. Raises ExerciseError."""
    for e in exercises:
        _ = e.checks, e.mistakes, e.script, e.driver, e.stubs


def any_seed() -> int:
    """A seed that a person can type."""
    return random.SystemRandom().randrange(1, 10_000)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def speaker(lang: str, exercises: Iterable[Exercise] = ()) -> Language:
    """The reader's language with the grader's own catalogue and those of the exercises."""
    if lang != "zh":
        return Language(lang)
    return Language(lang, [translations(PACKAGE / "locale" / "zh.po"), *(e.catalogue() for e in exercises)])


# --- reports -------------------------------------------------------------------------------------------------------


def mistakes(exercise: Exercise) -> dict[str, Mistake]:
    """By code: those that any submission can make, and the exercise's own."""
    return {m.code: m for m in refusal.MISTAKES} | dict(exercise.mistakes)


def report(graded: Graded, modules: Mapping[str, bytes] | None = None) -> ExerciseReport:
    """modules: the submission's, where its form is wanted."""
    found = form(modules or {})
    return ExerciseReport(
        slug=graded.exercise.slug,
        title=titles(graded.exercise),
        seed=graded.seed,
        results=graded.results,
        max_points=sum(r.max_points for r in graded.results if r.severity is not Severity.BONUS),
        seconds=graded.seconds,
        mistakes=mistakes(graded.exercise),
        traces=graded.traces,
        form=found,
        as_solution=found == graded.exercise.form != "",
    )


def titles(exercise: Exercise) -> Mapping[str, str]:
    return {"zh": exercise.meta.title.zh, "en": exercise.meta.title.en}


def not_graded(exercise: Exercise, seed: int, reason: Text) -> Graded:
    """An exercise that could not be graded, by no fault of the submission: every check UNDECIDED, for this reason."""
    why = say("it could not be graded: {reason}", reason=reason)
    results = tuple(
        Result(c.id, c.severity, Verdict.UNDECIDED, c.points, c.requirement, c.case, actual=why)
        for c in exercise.checks
    )
    return Graded(exercise, seed, results)


def submission_report(
    snapshot: Snapshot, isolation: str, started: str, graded: Sequence[Graded], info: PodInfo | None = None
) -> SubmissionReport:
    """info: of any pod that ran something of it; by default that of the first exercise that has one."""
    info = info or next((g.info for g in graded if g.info), None)
    return SubmissionReport(
        student=snapshot.student,
        sha256=snapshot.sha256,
        isolation=isolation,
        image=info.image if info else "",
        python=info.python if info else "",
        started=started,
        seconds=sum(g.seconds for g in graded),
        exercises=tuple(report(g, snapshot.files.get(g.exercise.slug)) for g in graded),
        ignored=snapshot.ignored,
        refused=snapshot.refused,
    )


# --- what it comes to ----------------------------------------------------------------------------------------------


def failed(results: Iterable[Result], named: Iterable[str] = ()) -> bool:
    """Whether something is left to mend. A bonus counts only where it was asked for by name."""
    asked = set(named)
    return any(r.verdict is Verdict.FAIL and (r.severity is not Severity.BONUS or r.id in asked) for r in results)


def undecided(results: Iterable[Result]) -> bool:
    return any(r.verdict is Verdict.UNDECIDED for r in results)
