"""The count of wrong verdicts: what counts as one, who is graded how often, and which rate a count excludes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from grader.flips import LOADS, Flips, known, outcome, plan, run, total, upper
from grader.model import Text, Verdict
from grader.selftest import Jobs, Played, Trial, trials
from tests.support import tiny

PASS, FAIL, BLOCKED, UNDECIDED = Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED, Verdict.UNDECIDED
NUMBER, TEXT = "twice.double.number", "twice.double.text"


@pytest.fixture
def wanted(tmp_path: Path) -> list[Trial]:
    return known(trials(tiny.course(tmp_path / "course").exercise("twice")))


def test_only_programs_whose_every_outcome_is_known_are_counted(wanted: list[Trial]) -> None:
    assert [t.name for t in wanted] == ["solution", "mutants/numbers_only", "mutants/square"]


@pytest.mark.parametrize(
    ("name", "number", "text", "missed", "expected"),
    [
        ("solution", PASS, PASS, 0, ""),
        ("solution", PASS, FAIL, 1, "false fail"),
        ("solution", FAIL, BLOCKED, 2, "false fail"),
        ("solution", PASS, UNDECIDED, 1, "undecided"),
        ("mutants/square", FAIL, PASS, 0, ""),
        ("mutants/square", FAIL, UNDECIDED, 0, ""),
        ("mutants/square", PASS, PASS, 1, "missed"),
        ("mutants/square", UNDECIDED, PASS, 1, "undecided"),
    ],
)
def test_what_a_grading_got_wrong(
    wanted: list[Trial], name: str, number: Verdict, text: Verdict, missed: int, expected: str
) -> None:
    trial = next(t for t in wanted if t.name == name)
    assert outcome(Played(trial, 7, {NUMBER: number, TEXT: text}, (Text("?"),) * missed)) == expected


def test_a_grading_that_the_machine_refused_is_undecided(wanted: list[Trial]) -> None:
    assert outcome(Played(wanted[0], 7, {}, (Text("no engine"),))) == "undecided"


def test_everybody_is_graded_equally_often_under_growing_load_with_fresh_seeds(wanted: list[Trial]) -> None:
    planned = list(plan(wanted, 24, seed=1))
    assert [(load, len(jobs)) for load, jobs in planned] == [(load, 6) for load in LOADS]
    jobs = [job for _, jobs in planned for job in jobs]
    assert set(Counter(trial.name for trial, _ in jobs).values()) == {8}
    assert len({seed for _, seed in jobs}) == 24
    assert planned == list(plan(wanted, 24, seed=1)) != list(plan(wanted, 24, seed=2))


def test_the_rows_add_up(wanted: list[Trial]) -> None:
    def play(jobs: Jobs) -> list[Played]:
        missed = (Text("it passed"),)
        return [Played(t, s, {NUMBER: PASS, TEXT: PASS}, missed if t.kind == "mutant" else ()) for t, s in jobs]

    whole = total(run(wanted, 9, seed=1, play=play))
    assert (whole.gradings, whole.false_fails, whole.missed, whole.undecided) == (9, 0, 6, 0)
    assert len(whole.wrong) == 6


@pytest.mark.parametrize(
    ("wrong", "of", "bound"),
    [(0, 3000, 0.000998), (0, 1, 0.95), (1, 100, 0.0466), (5, 3000, 0.00350), (3, 3, 1.0), (0, 0, 1.0)],
)
def test_the_rate_that_a_count_excludes(wrong: int, of: int, bound: float) -> None:
    """The figures are those of the exact one-sided interval, from tables of the binomial distribution."""
    assert upper(wrong, of) == pytest.approx(bound, rel=0.01)


def test_no_rows_are_no_gradings() -> None:
    assert total([]) == Flips("all", 0, 0, 0, 0, ())
