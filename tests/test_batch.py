"""A batch loses nothing and nobody: tried with gradings and pods that start nothing, and once for real."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from grader.batch import PATIENCE, Batch, Folder, Outcome, Step
from grader.catalog import Course, Exercise
from grader.errors import MachineError
from grader.grading import open_sandbox, take
from grader.model import Limits, Result, Snapshot, Text, Trace, Verdict, say
from grader.pods import Pods
from grader.report.language import Language
from grader.report.record import Record
from grader.run import Graded
from grader.sandbox.base import PodInfo
from grader.selftest import violations
from tests.support import tiny

INFO = PodInfo("process", "3.13.5", "", 1)
NAMES = ("alice", "bob", "carol", "dave")


class FakePod:
    def __init__(self) -> None:
        self.info, self.inbox, self.closed = INFO, SimpleQueue[Any](), 0

    def tell(self, whom: str, line: str) -> None: ...

    def close(self) -> None:
        self.closed += 1


class FakeSandbox:
    isolation = "process"
    made_of = "fakes"

    def __init__(self) -> None:
        self.prepared: Counter[Limits] = Counter()
        self.pods: list[FakePod] = []
        self.closed = False

    def prepare(self, limits: Limits, count: int = 1) -> None:
        self.prepared[limits] += count

    def open(self, limits: Limits) -> FakePod:
        self.pods.append(FakePod())
        return self.pods[-1]

    def close(self) -> None:
        self.closed = True


class FakeGrade:
    """Stands in for run.grade: everything passes, unless `trouble` raises for (student, slug, how often tried)."""

    def __init__(self, trouble: Callable[[str, str, int], None] = lambda *_: None) -> None:
        self.trouble = trouble
        self.tried: Counter[tuple[str, str]] = Counter()
        self.playing, self.most = 0, 0
        self._lock = threading.Lock()

    def __call__(self, exercise: Exercise, snapshot: Snapshot, sandbox: Any, *, seed: int, progress: Any) -> Graded:
        with self._lock:
            self.playing += 1
            self.most = max(self.most, self.playing)
            self.tried[snapshot.student, exercise.slug] += 1
        try:
            self.trouble(snapshot.student, exercise.slug, self.tried[snapshot.student, exercise.slug])
            sandbox.open(exercise.meta.limits).close()
            progress("double.number")
            return passed(exercise, seed)
        finally:
            with self._lock:
                self.playing -= 1


def passed(exercise: Exercise, seed: int) -> Graded:
    results = tuple(
        Result(c.id, c.severity, Verdict.PASS, c.points, c.requirement, c.case, actual=say("well"))
        for c in exercise.checks
    )
    traces = {c.case: Trace(c.case, ()) for c in exercise.checks}
    return Graded(exercise, seed, results, traces, INFO, 0.25)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return tiny.course(tmp_path / "course", "twice", "again")


class Class:
    """A batch over NAMES with what a test wants to have different."""

    def __init__(self, course: Course, out: Path) -> None:
        self.exercises, self.folder = course.exercises(), Folder(out)
        self.sandbox, self.steps = FakeSandbox(), list[Step]()
        self.folder.ready()

    def batch(self, grade: Any, names: Iterable[str] = NAMES, workers: int = 2, **more: Any) -> Batch:
        students = [(name, partial(Snapshot, name, {}, "0" * 64)) for name in names]
        options = {"watch": self.steps.append, "seed": 7} | more
        return Batch(
            students,
            self.exercises,
            self.sandbox,
            self.folder,
            Language("en"),
            workers=workers,
            grade=grade,
            **options,  # type: ignore[arg-type]  # a test's keywords are Batch's own
        )

    def records(self) -> dict[str, Record]:
        return {p.stem: json.loads(p.read_text()) for p in (self.folder.root / "results").iterdir()}

    def verdicts(self, student: str) -> dict[str, set[str]]:
        return {e["slug"]: {c["verdict"] for c in e["checks"]} for e in self.records()[student]["exercises"]}


@pytest.fixture
def klass(course: Course, tmp_path: Path) -> Class:
    return Class(course, tmp_path / "out")


def test_everybody_gets_a_valid_record_and_the_class_a_summary(klass: Class) -> None:
    outcome = klass.batch(FakeGrade()).run()
    records = klass.records()
    assert set(records) == set(NAMES)
    for name, data in records.items():
        assert not list(violations("result", data, name))
        assert data["score"] == data["max_score"] == 6
        for c in (c for e in data["exercises"] for c in e["checks"]):
            assert (klass.folder.root / "traces" / name / c["trace"]).is_file()
    summary = json.loads((klass.folder.root / "summary.json").read_text())
    assert not list(violations("summary", summary, "summary"))
    assert summary == outcome.summary
    assert (outcome.missing, outcome.trouble, outcome.interrupted) == ((), (), False)


def test_a_record_is_on_the_disk_as_soon_as_its_student_is_done(klass: Class) -> None:
    seen = []

    def watch(step: Step) -> None:
        if step.record:
            seen.append((step.student, set(klass.records())))

    klass.batch(FakeGrade(), workers=1, watch=watch).run()
    assert seen == [(name, set(NAMES[: i + 1])) for i, name in enumerate(NAMES)]


def test_the_steps_count_up_to_the_whole(klass: Class) -> None:
    klass.batch(FakeGrade()).run()
    assert [(s.done, s.total) for s in klass.steps] == [(i, 8) for i in range(1, 9)]
    assert sorted(s.student for s in klass.steps if s.record) == list(NAMES)


def test_a_record_depends_on_the_submission_and_not_on_the_class(klass: Class, course: Course, tmp_path: Path) -> None:
    klass.batch(FakeGrade(), workers=4).run()
    other = Class(course, tmp_path / "other")
    other.batch(FakeGrade(), names=("zoe", "carol"), workers=1).run()
    one, two = klass.records()["carol"], other.records()["carol"]
    one["started"] = two["started"]
    assert one == two


def test_a_verdict_that_changes_is_told(klass: Class) -> None:
    klass.batch(FakeGrade()).run()
    earlier = klass.records()["bob"]
    (first, *_), *_ = (e["checks"] for e in earlier["exercises"])
    first["verdict"] = "fail"
    klass.folder.keep(earlier)
    klass.folder.keep({"student": "carol"})
    outcome = klass.batch(FakeGrade()).run()
    assert klass.records()["bob"]["changed"] == [{"check": first["id"], "was": "fail"}]
    assert outcome.summary["changed"] == [{"student": "bob", "check": first["id"], "was": "fail"}]
    assert not list(violations("result", klass.records()["bob"], "bob"))
    assert not list(violations("summary", outcome.summary, "summary"))


# --- trouble -------------------------------------------------------------------------------------------------------


def test_a_machine_that_fails_once_costs_nothing(klass: Class) -> None:
    def trouble(student: str, slug: str, times: int) -> None:
        if (student, slug, times) == ("bob", "again", 1):
            raise MachineError(say("a container was lost"))

    grade = FakeGrade(trouble)
    outcome = klass.batch(grade).run()
    assert grade.tried["bob", "again"] == 2
    assert grade.tried.total() == 9
    assert klass.verdicts("bob") == {"twice": {"pass"}, "again": {"pass"}}
    assert outcome.trouble == ()
    first, second = (s for s in klass.steps if s.student == "bob" and s.record)
    assert (first.again, second.again) == (False, True)


@pytest.mark.parametrize("error", [MachineError(say("no engine")), ZeroDivisionError("ours")])
def test_what_cannot_be_graded_is_undecided_and_stops_nobody(klass: Class, error: Exception) -> None:
    def trouble(student: str, slug: str, times: int) -> None:
        if student == "bob":
            raise error

    outcome = klass.batch(FakeGrade(trouble)).run()
    assert klass.verdicts("bob") == {"twice": {"undecided"}, "again": {"undecided"}}
    assert klass.verdicts("carol") == {"twice": {"pass"}, "again": {"pass"}}
    assert not list(violations("result", klass.records()["bob"], "bob"))
    ((reason, n),) = outcome.trouble
    assert n == 2
    assert str(error) in str(reason)


def test_a_case_that_was_not_played_is_tried_again(klass: Class) -> None:
    """The engine vanished in the middle: grade() returns, but without a trace for what it left UNDECIDED."""
    plain = FakeGrade()

    def grade(exercise: Exercise, snapshot: Snapshot, sandbox: Any, **more: Any) -> Graded:
        graded = plain(exercise, snapshot, sandbox, **more)
        if snapshot.student == "bob" and plain.tried["bob", exercise.slug] == 1:
            *rest, last = graded.results
            graded.results = (*rest, Result(last.id, last.severity, Verdict.UNDECIDED, 1, Text("?"), last.case))
            del graded.traces[last.case]
        return graded

    outcome = klass.batch(grade).run()
    assert klass.verdicts("bob") == {"twice": {"pass"}, "again": {"pass"}}
    assert outcome.trouble == ()


def test_a_submission_that_cannot_be_read_is_one_students_trouble(klass: Class) -> None:
    batch = klass.batch(FakeGrade())

    def unreadable() -> Snapshot:
        raise MachineError(say("the disk is failing"))

    batch._students[1].take = unreadable
    outcome = batch.run()
    assert klass.verdicts("bob") == {"twice": {"undecided"}, "again": {"undecided"}}
    assert len(outcome.summary["students"]) == 4


def test_an_engine_that_vanishes_is_not_asked_for_ever(klass: Class) -> None:
    names = [f"s{i:03}" for i in range(100)]

    def trouble(student: str, slug: str, times: int) -> None:
        if student >= "s010":
            raise MachineError(say("no engine"))

    grade = FakeGrade(trouble)
    outcome = klass.batch(grade, names).run()
    assert grade.tried.total() < 20 + 2 * (PATIENCE * 2 + 2)
    assert set(klass.records()) == set(names)
    assert klass.verdicts("s009") == {"twice": {"pass"}, "again": {"pass"}}
    assert klass.verdicts("s099") == {"twice": {"undecided"}, "again": {"undecided"}}
    assert sum(n for _, n in outcome.trouble) == 180
    assert klass.sandbox.closed


def test_an_engine_that_comes_back_finishes_the_class(klass: Class) -> None:
    names = [f"s{i:03}" for i in range(50)]
    down = range(21, 21 + PATIENCE * 2)
    calls = iter(range(1, 10_000))

    def trouble(student: str, slug: str, times: int) -> None:
        if next(calls) in down:
            raise MachineError(say("no engine"))

    outcome = klass.batch(FakeGrade(trouble), names).run()
    assert outcome.trouble == ()
    assert {v for name in names for v in klass.verdicts(name)["twice"]} == {"pass"}


def test_ctrl_c_keeps_what_is_done_and_closes_everything(klass: Class) -> None:
    def watch(step: Step) -> None:
        if step.student == "bob" and step.record:
            raise KeyboardInterrupt

    outcome: Outcome = klass.batch(FakeGrade(), workers=1, watch=watch).run()
    assert outcome.interrupted
    assert set(klass.records()) == {"alice", "bob"}
    assert outcome.missing == ("carol", "dave")
    assert [s["student"] for s in outcome.summary["students"]] == ["alice", "bob"]
    assert klass.sandbox.closed


def test_a_full_disk_ends_the_batch_and_keeps_what_is_there(klass: Class) -> None:
    class Full(Folder):
        def keep(self, data: Record) -> None:
            if data["student"] == "carol":
                raise MachineError(say("{path} cannot be written", path="carol.json"))
            super().keep(data)

    klass.folder = Full(klass.folder.root)
    with pytest.raises(MachineError, match=r"carol\.json"):
        klass.batch(FakeGrade(), workers=1).run()
    assert set(klass.records()) == {"alice", "bob"}
    assert klass.sandbox.closed


# --- pods ----------------------------------------------------------------------------------------------------------


def test_as_many_pods_as_workers_are_warm_and_no_more_than_will_be_used() -> None:
    sandbox, limits = FakeSandbox(), Limits()
    pods = Pods(sandbox, 2, [limits] * 5)
    pods.warm()
    ahead = [sandbox.prepared.total()]
    for _ in range(5):
        pods.open(limits)
        ahead.append(sandbox.prepared.total())
    assert ahead == [2, 3, 4, 5, 5, 5]


def test_pods_of_other_limits_do_not_pile_up() -> None:
    sandbox = FakeSandbox()
    pods = Pods(sandbox, 2, [Limits(memory_mib=n) for n in range(100)])
    pods.warm()
    for _ in range(50):
        pods.open(Limits())
    assert sandbox.prepared.total() == 2


def test_closing_ends_what_is_being_played_and_lets_nothing_begin() -> None:
    sandbox = FakeSandbox()
    pods = Pods(sandbox, 1, ())
    pod = pods.open(Limits())
    pods.close()
    assert sandbox.closed
    assert isinstance(pod, FakePod)
    assert pod.closed
    with pytest.raises(MachineError):
        pods.open(Limits())
    with pytest.raises(MachineError):
        pods.must_be_open("recv.one")


# --- for real ------------------------------------------------------------------------------------------------------


def test_a_real_class(course: Course, tmp_path: Path) -> None:
    exercises = course.exercises(["twice"])
    handed_in = {"alice": "solution", "bob": "square", "carol": "stub"}
    students = [
        (name, partial(take, tiny.hand_in(course, tmp_path / "class" / name, what), course, name))
        for name, what in handed_in.items()
    ]
    folder = Folder(tmp_path / "out")
    folder.ready()
    sandbox = open_sandbox("process", course)
    outcome = Batch(students, exercises, sandbox, folder, Language("en"), seed=7, workers=2).run()
    scores = {s["student"]: s["score"] for s in outcome.summary["students"]}
    assert scores == {"alice": 3, "bob": 1, "carol": 0}
    mistakes = {(m["mistake"], m["students"]) for m in outcome.summary["mistakes"]}
    assert mistakes == {("squares", 1), ("not-attempted", 1)}
