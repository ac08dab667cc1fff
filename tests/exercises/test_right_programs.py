"""No right program is failed, however it is written: right/<slug>/*.py earn every must and should check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.catalog import find_course
from grader.model import Severity, Snapshot, Verdict
from grader.run import grade
from grader.sandbox.process import ProcessSandbox

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted((Path(__file__).parent / "right").glob("*/*.py"))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ProcessSandbox]:
    made = ProcessSandbox(find_course(ROOT).bundle())
    yield made
    made.close()


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_right_program_is_not_failed(program: Path, sandbox: ProcessSandbox) -> None:
    exercise = find_course(ROOT).exercise(program.parent.name)
    files = {exercise.meta.modules[0]: program.read_bytes()}
    snapshot = Snapshot(program.stem, {exercise.slug: files}, "")
    graded = grade(exercise, snapshot, sandbox, seed=7)
    required = [r for r in graded.results if r.severity is not Severity.BONUS]
    assert [(r.id, str(r.actual)) for r in required if r.verdict is not Verdict.PASS] == []
