"""No right program is failed, however it is written: each of right/<slug>/ earns every must and should check.

A program is a file for the exercise's only or first module, or a folder with modules; what it lacks is the solution's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.catalog import find_course
from grader.model import Severity, Snapshot, Verdict
from grader.run import grade
from grader.sandbox.process import ProcessSandbox

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted(p for p in (Path(__file__).parent / "right").glob("*/*") if p.suffix == ".py" or any(p.glob("*.py")))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ProcessSandbox]:
    made = ProcessSandbox(find_course(ROOT).bundle())
    yield made
    made.close()


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_right_program_is_not_failed(program: Path, sandbox: ProcessSandbox) -> None:
    exercise = find_course(ROOT).exercise(program.parent.name)
    own = {p.name: p.read_bytes() for p in program.glob("*.py")} or {exercise.meta.modules[0]: program.read_bytes()}
    files = {**exercise.solution(), **own}
    snapshot = Snapshot(program.stem, {exercise.slug: files}, "")
    graded = grade(exercise, snapshot, sandbox, seed=7)
    required = [r for r in graded.results if r.severity is not Severity.BONUS]
    assert [(r.id, str(r.actual)) for r in required if r.verdict is not Verdict.PASS] == []
