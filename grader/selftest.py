"""Grades the grader: what every exercise promises, tried out. Layer 7.

The solution passes every check. The stub earns nothing, neither as it was handed out nor when it has been touched. No
other right program, however it is written, loses a point. Each mutant fails the checks that it names, and each check
fails some mutant: one that nothing fails is no check. `trials` and `misses` are pure; `play` grades; `structure` reads
the exercise's files.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

from grader.catalog import PACKAGE, Exercise
from grader.errors import GraderError, UsageError
from grader.grading import READMES, now, speaker, submission_report
from grader.model import Result, Severity, Snapshot, Text, Verdict, say
from grader.pods import Pods
from grader.report.language import FIELD
from grader.report.record import record
from grader.run import Graded, grade
from grader.sandbox.base import Sandbox

TOUCHED = b"\n# touched\n"
# A processor's worth of work, until the process that asked for it is gone.
BUSY = "import os\np = os.getppid()\nwhile os.getppid() == p:\n    for _ in range(10**6): pass\n"


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A submission whose outcome is known. kills: ids of the checks that must fail, of a mutant."""

    exercise: Exercise
    kind: Literal["solution", "right", "stub", "mutant"]
    name: str
    files: Mapping[str, bytes]
    kills: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.exercise.slug}/{self.name}"


def trials(exercise: Exercise) -> tuple[Trial, ...]:
    """Raises ExerciseError where a mutant says nothing of what it kills."""
    stubs = exercise.stubs
    return (
        Trial(exercise, "solution", "solution", exercise.solution()),
        *(Trial(exercise, "right", f"right/{name}", files) for name, files in exercise.right().items()),
        Trial(exercise, "stub", "stub", stubs),
        Trial(exercise, "stub", "stub, touched", {name: stub + TOUCHED for name, stub in stubs.items()}),
        *(
            Trial(exercise, "mutant", f"mutants/{name}", files, kills)
            for name, (files, kills) in exercise.mutants().items()
        ),
    )


def chosen(plan: Sequence[Trial], wanted: Sequence[str]) -> list[Trial]:
    """The trials of the wanted exercises ("slug"), or of their programs ("slug/right/*"). Raises UsageError."""

    def fits(trial: Trial, name: str) -> bool:
        slug, _, program = name.partition("/")
        return trial.exercise.slug == slug.replace("-", "_") and (not program or fnmatchcase(trial.name, program))

    for name in wanted:
        if not any(fits(t, name) for t in plan):
            slug = name.partition("/")[0]
            raise UsageError(say("No program {name}. Try {slug}/right/* or {slug}/mutants/*.", name=name, slug=slug))
    return [t for t in plan if not wanted or any(fits(t, name) for name in wanted)]


def play(trial: Trial, sandbox: Sandbox, seed: int, whole: bool = False) -> Graded:
    """Grades a trial; of a mutant only the checks that it names and those that they need, unless `whole`."""
    sha256 = hashlib.sha256(b"".join(trial.files.values())).hexdigest()
    snapshot = Snapshot("selftest", {trial.exercise.slug: trial.files}, sha256)
    return grade(trial.exercise, snapshot, sandbox, seed=seed, only=() if whole else trial.kills)


def misses(trial: Trial, results: Sequence[Result]) -> tuple[Text, ...]:
    """In what the results differ from what the trial promises; nothing if all is well."""
    wrong: dict[str, Callable[[Result], bool]] = {
        "solution": lambda r: r.verdict is not Verdict.PASS,
        "right": lambda r: r.verdict is not Verdict.PASS and r.severity is not Severity.BONUS,
        "stub": lambda r: r.verdict not in (Verdict.FAIL, Verdict.BLOCKED),
        "mutant": lambda r: r.id in trial.kills and r.verdict is not Verdict.FAIL,
    }
    said = [_verdict(r) for r in results if wrong[trial.kind](r)]
    absent = set(trial.kills) - {r.id for r in results}
    return (*said, *(say("{id} is no check", id=i) for i in sorted(absent)))


def _verdict(r: Result) -> Text:
    return say("{id}: {verdict}; {actual}", id=r.id, verdict=r.verdict.value, actual=r.actual or r.blocked_by or "")


# --- structure -----------------------------------------------------------------------------------------------------


def structure(exercise: Exercise) -> tuple[Text, ...]:
    """What is missing or wrong in the exercise's files. Raises ExerciseError where they cannot even be loaded."""
    return (*_files(exercise), *_schema(exercise), *_kills(exercise), *_translated(exercise))


def _files(e: Exercise) -> Iterator[Text]:
    for name in READMES:
        path = e.public / name
        if not path.is_file() or not path.read_text(encoding="utf-8").strip():
            yield say("{path} is missing or empty", path=str(path))
    for name, source in {**e.stubs, **{f"solution/{n}": s for n, s in e.solution().items()}}.items():
        try:
            ast.parse(source)
        except (SyntaxError, ValueError) as error:
            yield say("{path} is no Python: {error}", path=f"{e.slug}/{name}", error=str(error))


def _schema(e: Exercise) -> Iterator[Text]:
    data = json.loads((e.public / "exercise.json").read_text(encoding="utf-8"))
    return violations("exercise", data, f"{e.slug}/exercise.json")


def violations(schema: str, data: Any, name: str) -> Iterator[Text]:
    """Where `data` breaks grader/schema/<schema>.json: the JSON path, and how."""
    import jsonschema  # lazily: only this command needs it

    rules = json.loads((PACKAGE / "schema" / f"{schema}.json").read_text(encoding="utf-8"))
    for error in jsonschema.Draft202012Validator(rules).iter_errors(data):
        yield say("{name}, {place}: {error}", name=name, place=error.json_path, error=error.message)


def _kills(e: Exercise) -> Iterator[Text]:
    ids = [c.id for c in e.checks]
    mutants = e.mutants()
    killed = {i for _, kills in mutants.values() for i in kills}
    for i in ids:
        if i not in killed:
            yield say("no mutant fails {id}", id=i)
    for name, (_, kills) in mutants.items():
        for i in kills:
            if i not in ids:
                yield say("mutants/{name} names {id}, which is no check", name=name, id=i)


def _translated(e: Exercise) -> Iterator[Text]:
    language = speaker("zh", [e])
    for template in sorted(set().union(*(templates(path) for path in e.secret.glob("*.py")))):
        said = language.say(Text(template))
        if said == template and re.search(r"[^\W\d_]", FIELD.sub("", template)):
            yield say("no Chinese for: {template}", template=template)
        elif fields(said) != fields(template):
            yield say("the Chinese for this has other fields: {template}", template=template)


def templates(path: Path) -> set[str]:
    """Every literal that is handed to say() in a file."""
    calls = (n for n in ast.walk(ast.parse(path.read_bytes())) if isinstance(n, ast.Call) and n.args)
    firsts = (n.args[0] for n in calls if isinstance(n.func, ast.Name) and n.func.id == "say")
    return {a.value for a in firsts if isinstance(a, ast.Constant) and isinstance(a.value, str)}


def fields(template: str) -> set[str]:
    return {m[1] for m in FIELD.finditer(template) if m[1]}


# --- all of it -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Played:
    """One playing of a trial. verdicts, mistakes: by check; a mistake is the code that a failure named.

    misses: see there; also what kept it from being played at all.
    """

    trial: Trial
    seed: int
    verdicts: Mapping[str, Verdict]
    misses: tuple[Text, ...]
    mistakes: Mapping[str, str] = field(default_factory=dict)


Jobs = Sequence[tuple[Trial, int]]  # each with its seed


def in_rounds(wanted: Sequence[Trial], rounds: int, seed: int) -> Jobs:
    """Every trial in every round, each round with a seed of its own."""
    rng = random.Random(seed)
    return [(t, s) for s in [rng.randrange(1, 10_000) for _ in range(rounds)] for t in wanted]


def play_all(
    jobs: Jobs,
    sandbox: Sandbox,
    *,
    workers: int = 1,
    whole: bool = False,
    watch: Callable[[Played], None] = lambda played: None,
) -> list[Played]:
    """All of them, in no order; where Ctrl-C comes, those that were played before it. Closes the sandbox."""
    pods = Pods(sandbox, workers, (t.exercise.meta.limits for t, _ in jobs))
    played = []
    with contextlib.suppress(KeyboardInterrupt), ThreadPoolExecutor(workers, "grader-selftest") as pool:
        try:
            for future in as_completed([pool.submit(_played, t, pods, s, whole) for t, s in jobs]):
                played.append(future.result())
                watch(played[-1])
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            pods.close()
    return played


def _played(trial: Trial, sandbox: Sandbox, seed: int, whole: bool) -> Played:
    try:
        graded = play(trial, sandbox, seed, whole)
    except GraderError as e:
        return Played(trial, seed, {}, (e.text,))
    found = (*misses(trial, graded.results), *_record(trial, graded))
    mistakes = {r.id: r.mistake for r in graded.results if r.mistake}
    return Played(trial, seed, {r.id: r.verdict for r in graded.results}, found, mistakes)


def _record(trial: Trial, graded: Graded) -> Iterator[Text]:
    """The record that would be written follows its schema."""
    snapshot = Snapshot("selftest", {}, hashlib.sha256().hexdigest())
    report = submission_report(snapshot, "process", now(), [graded])
    return violations("result", record(report, speaker("zh", [trial.exercise])), str(trial))


def changed(played: Sequence[Played]) -> list[tuple[Trial, str, tuple[Verdict, ...]]]:
    """Checks whose verdict was not the same in every round: (trial, id of the check, the verdicts seen)."""
    seen: dict[tuple[Trial, str], dict[Verdict, None]] = {}
    for p in played:
        for check, verdict in p.verdicts.items():
            seen.setdefault((p.trial, check), {})[verdict] = None
    return [(trial, check, tuple(verdicts)) for (trial, check), verdicts in seen.items() if len(verdicts) > 1]


@contextlib.contextmanager
def busy(count: int) -> Iterator[None]:
    """Meanwhile, so many processes compute without a pause."""
    with contextlib.ExitStack() as loops:
        for _ in range(count):
            loop = loops.enter_context(subprocess.Popen([sys.executable, "-S", "-c", BUSY]))
            loops.callback(loop.kill)
        yield
