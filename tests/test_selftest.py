"""The selftest sees what it is there to see: each way in which an exercise can break its promises."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.catalog import Course
from grader.grading import open_sandbox
from grader.model import Result, Severity, Text, Verdict
from grader.selftest import Played, Trial, busy, changed, in_rounds, misses, play_all, structure, trials
from tests.support import tiny

PASS, FAIL, BLOCKED, UNDECIDED = Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED, Verdict.UNDECIDED


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return tiny.course(tmp_path / "course")


def trial(course: Course, name: str) -> Trial:
    return next(t for t in trials(course.exercise("twice")) if t.name == name)


def results(number: Verdict, text: Verdict) -> list[Result]:
    ended = {"twice.double.number": number, "twice.double.text": text}
    return [Result(i, Severity.MUST, v, 1, Text("?"), "double") for i, v in ended.items()]


def test_an_exercise_is_its_solution_its_stub_and_its_mutants(course: Course) -> None:
    names = [t.name for t in trials(course.exercise("twice"))]
    assert names == ["solution", "stub", "stub, touched", "mutants/numbers_only", "mutants/square"]


@pytest.mark.parametrize(
    ("name", "number", "text", "missed"),
    [
        ("solution", PASS, PASS, 0),
        ("solution", PASS, UNDECIDED, 1),
        ("solution", FAIL, BLOCKED, 2),
        ("stub", FAIL, BLOCKED, 0),
        ("stub", FAIL, PASS, 1),
        ("stub", UNDECIDED, FAIL, 1),
        ("mutants/square", FAIL, PASS, 0),
        ("mutants/square", BLOCKED, FAIL, 1),
        ("mutants/square", UNDECIDED, PASS, 1),
        ("mutants/numbers_only", FAIL, FAIL, 0),
    ],
)
def test_what_a_trial_promises(course: Course, name: str, number: Verdict, text: Verdict, missed: int) -> None:
    assert len(misses(trial(course, name), results(number, text))) == missed


def test_a_new_exercise_has_nothing_missing(course: Course) -> None:
    assert structure(course.exercise("twice")) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("exercises/twice/README.md", None, "", "README.md is missing or empty"),
        ("exercises/twice/exercise.json", '"TODO",', '"",', "$.section"),
        ("exercises/twice/twice.py", "def double(x):", "def double(x:", "is no Python"),
        ("reference/twice/mutants/square.py", "double.number", "double.text", "no mutant fails twice.double.number"),
        ("reference/twice/mutants/square.py", "double.number", "double.nothing", "which is no check"),
        ("reference/twice/checks.py", "came back doubled", "came back", "no Chinese for: {n} numbers came back"),
        (
            "reference/twice/zh.po",
            "{n} 个数都加倍了",
            "{m} 个数都加倍了",
            "other fields: {n} numbers came back doubled",
        ),
    ],
)
def test_each_flaw_is_named(course: Course, file: str, old: str | None, new: str, said: str) -> None:
    path = course.root / file
    tiny.rewrite(path, old or path.read_text(encoding="utf-8"), new)
    assert any(said in str(flaw) for flaw in structure(Course(course.root).exercise("twice")))


def test_a_mutant_that_survives_and_a_stub_that_earns_are_seen(course: Course) -> None:
    reference = course.root / "reference/twice"
    tiny.rewrite(reference / "mutants/square.py", "x * x if isinstance(x, int) else x * 2", "x + x")
    tiny.rewrite(course.root / "exercises/twice/twice.py", "raise NotImplementedError", "return x * 2")
    exercise = Course(course.root).exercise("twice")
    played = play_all(in_rounds(trials(exercise), 2, seed=1), open_sandbox("process", course), workers=2)
    missed = {str(p.trial) for p in played if p.misses}
    assert missed == {"twice/mutants/square", "twice/stub, touched"}
    assert len({p.seed for p in played}) == 2
    assert changed(played) == []


def test_a_verdict_that_changes_is_found(course: Course) -> None:
    solution, square = trial(course, "solution"), trial(course, "mutants/square")
    played = [
        Played(solution, 1, {"a": PASS, "b": PASS}, ()),
        Played(square, 1, {"a": FAIL}, ()),
        Played(solution, 2, {"a": PASS, "b": UNDECIDED}, ()),
    ]
    assert changed(played) == [(solution, "b", (PASS, UNDECIDED))]


def test_the_busy_loops_are_busy_and_then_gone() -> None:
    children = f"/proc/{os.getpid()}/task/{os.getpid()}/children"
    if not Path(children).exists():
        pytest.skip("needs a list of children")

    def pids() -> set[str]:
        return set(Path(children).read_text().split())

    before = pids()
    with busy(2):
        assert len(pids() - before) == 2
    assert pids() == before
