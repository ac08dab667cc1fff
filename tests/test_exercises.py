"""Every exercise that is found keeps its promises: the solution and all right programs pass, the stub earns nothing,
each mutant dies by the checks that it names, each check kills some mutant, nothing is missing. No exercise has test
code of its own here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.catalog import Course, Exercise
from grader.grading import open_sandbox
from grader.sandbox.base import Sandbox
from grader.selftest import Trial, misses, play, structure, trials

COURSE = Course(Path(__file__).parents[1])
EXERCISES = COURSE.exercises()
TRIALS = [t for e in EXERCISES for t in trials(e)]
SEED = 7


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = open_sandbox("process", COURSE)
    yield sandbox
    sandbox.close()


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.slug)
def test_nothing_is_missing(exercise: Exercise) -> None:
    assert [str(flaw) for flaw in structure(exercise)] == []


@pytest.mark.parametrize("trial", TRIALS, ids=str)
def test_a_trial_ends_as_promised(trial: Trial, sandbox: Sandbox) -> None:
    graded = play(trial, sandbox, SEED)
    assert [str(miss) for miss in misses(trial, graded.results)] == []
