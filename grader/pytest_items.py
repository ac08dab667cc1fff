"""What `pytest --grade` collects and runs: a collector for each exercise of a student, an item for each check. Layer 8.

Rule 1: node ids are `<student>/<slug>::<check id>`, so that pytest-xdist's `loadscope` keeps a student's exercise on
one worker, where its first item grades it once for all. Rule 2: what all workers must agree on (path, seed) is settled
by the controller and sent to them. Rule 3: FAIL fails with the text of `grader check`, BLOCKED skips,
UNDECIDED is an error and not a failure: it is nobody's fault who is graded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from grader import intake
from grader.catalog import Course, Exercise, find_course
from grader.errors import GraderError
from grader.grading import any_seed, load, not_graded, open_sandbox, report, speaker, take, whole_submission
from grader.model import Result, Verdict, say
from grader.report.language import detect
from grader.report.page import Page, plain
from grader.report.record import ExerciseReport
from grader.report.text import failure
from grader.run import grade
from grader.sandbox.base import Sandbox

RECENT = 8  # exercises whose results a worker remembers; their items come one after the other
WIDTH = 88

Submissions = tuple[tuple[str, Path], ...]


class Grading:
    """The plugin that is registered where --grade is given. Raises pytest.UsageError for what cannot be graded."""

    def __init__(self, config: pytest.Config) -> None:
        option = config.option
        sent = getattr(config, "workerinput", {}).get("grade", {})
        self.path = Path(sent.get("path", option.grade)).resolve()
        try:
            self.course = find_course()
            path, standing_in = whole_submission(self.path, self.course)
            self.submissions, alone = submissions(path, self.course)
            self.exercises = self._chosen(option.grade_exercise or list(standing_in), alone)
            load(self.exercises)
        except GraderError as e:
            raise pytest.UsageError(speaker(detect(os.environ)).say(e.text)) from e
        self.seed: int = sent.get("seed", any_seed() if option.grade_seed is None else option.grade_seed)
        self.isolation: str = option.grade_isolation or ("process" if alone else "docker")
        if getattr(option, "dist", "no") != "no":
            option.dist = "loadscope"
        self.page = Page(speaker(detect(os.environ), self.exercises), WIDTH)
        self._sandbox: Sandbox | None = None
        self.graded = lru_cache(RECENT)(self._graded)

    def _chosen(self, named: list[str], alone: bool) -> tuple[Exercise, ...]:
        """Those named; else, of a single submission, those that it has; of a class all."""
        if named or not alone:
            return self.course.exercises(named)
        ((student, path),) = self.submissions
        return self.course.exercises(take(path, self.course, student).files)

    def _graded(self, student: str, slug: str) -> ExerciseReport:
        exercise = self.course.exercise(slug)
        try:
            snapshot = take(dict(self.submissions)[student], self.course, student)
            self._sandbox = self._sandbox or open_sandbox(self.isolation, self.course)
            return report(grade(exercise, snapshot, self._sandbox, seed=self.seed))
        except GraderError as e:
            return report(not_graded(exercise, self.seed, e.text))

    # --- hooks -----------------------------------------------------------------------------------------------

    def pytest_report_header(self) -> str:
        return f"grading: {self.path}, {self.isolation} isolation, seed {self.seed}"

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """xdist starts a worker: it parses the same command line, but a seed must be the same for all."""
        node.workerinput["grade"] = {"path": str(self.path), "seed": self.seed}

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> pytest.CollectReport | None:
        """In the place of files and folders."""
        if not isinstance(collector, pytest.Session):
            return None
        found: list[pytest.Item | pytest.Collector] = [
            StudentsExercise.of(collector, self, student, path, e)
            for student, path in self.submissions
            for e in self.exercises
        ]
        return pytest.CollectReport(collector.nodeid, "passed", None, found)

    def pytest_unconfigure(self) -> None:
        if self._sandbox:
            self._sandbox.close()


class StudentsExercise(pytest.Collector):
    """One exercise of one student."""

    grading: Grading
    student: str
    exercise: Exercise

    @classmethod
    def of(cls, parent: pytest.Session, grading: Grading, student: str, path: Path, e: Exercise) -> StudentsExercise:
        name = f"{student}/{e.slug}"
        node: StudentsExercise = cls.from_parent(parent, name=name, nodeid=name, path=path)
        node.grading, node.student, node.exercise = grading, student, e
        return node

    def collect(self) -> Iterator[CheckItem]:
        for check in self.exercise.checks:
            item: CheckItem = CheckItem.from_parent(self, name=check.id)
            item.of = self
            yield item

    def report(self) -> ExerciseReport:
        return self.grading.graded(self.student, self.exercise.slug)


class CheckItem(pytest.Item):
    """One check of one exercise of one student."""

    of: StudentsExercise

    def setup(self) -> None:
        result = self._result()
        say_it = self.of.grading.page.say
        if result.verdict is Verdict.BLOCKED:
            reason = say_it(say("blocked until {id} passes", id=result.blocked_by))
            raise pytest.skip.Exception(reason, _use_item_location=True)
        if result.verdict is Verdict.UNDECIDED:
            because = result.actual or say("blocked until {id} passes", id=result.blocked_by)
            pytest.fail(say_it(say("undecided, costs nothing: {reason}", reason=because)), pytrace=False)

    def runtest(self) -> None:
        result = self._result()
        if result.verdict is Verdict.FAIL:
            pytest.fail(plain(failure(self.of.report(), result, self.of.grading.page)), pytrace=False)

    def _result(self) -> Result:
        return next(r for r in self.of.report().results if r.id == self.name)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.of.student}: {self.name}"


def submissions(path: Path, course: Course) -> tuple[Submissions, bool]:
    """(id, path) of each submission there, and whether it is one alone. Raises UsageError."""
    if path.is_dir() and not any((path / slug).is_dir() for slug in course.slugs):
        return intake.students(path).students, False
    return ((intake.SUFFIXES.sub("", path.name) if path.is_file() else path.name, path),), True
