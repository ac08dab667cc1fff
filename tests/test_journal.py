"""A batch that was stopped goes on: what is settled stands, whatever differs is graded anew."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from grader.batch import Batch, Folder, Step
from grader.catalog import Course
from grader.errors import MachineError, UsageError
from grader.grading import open_sandbox, take
from grader.journal import FILE, Journal
from grader.model import Snapshot, say
from grader.report.language import Language
from grader.report.record import Record
from grader.run import Graded, grade
from tests.support import tiny

HANDED_IN = {"alice": "solution", "bob": "square", "carol": "stub"}


class Class:
    """Real gradings of a small course, counted; each call of `run` is a batch as a new process would start it."""

    def __init__(self, tmp_path: Path) -> None:
        self.course = tiny.course(tmp_path / "course", "twice", "again")
        self.paths = {n: tiny.hand_in(self.course, tmp_path / "class" / n, what) for n, what in HANDED_IN.items()}
        self.folder = Folder(tmp_path / "out")
        self.folder.ready()
        self.graded: list[tuple[str, str]] = []

    def run(self, stop_after: int = 1000, seed: int = 7, afresh: bool = False) -> list[tuple[str, str]]:
        """What was graded, and not found settled. stop_after: so many gradings, and the batch is interrupted."""
        self.graded = []
        sandbox = open_sandbox("process", self.course)
        journal = self.folder.journal(sandbox.made_of, afresh=afresh)

        def counted(exercise: Any, snapshot: Snapshot, pods: Any, **more: Any) -> Graded:
            self.graded.append((snapshot.student, exercise.slug))
            return grade(exercise, snapshot, pods, **more)

        def watch(step: Step) -> None:
            if len(self.graded) >= stop_after:
                raise KeyboardInterrupt

        students = [(name, partial(take, path, self.course, name)) for name, path in self.paths.items()]
        exercises = self.course.exercises()
        options = {"seed": seed, "workers": 1, "grade": counted, "journal": journal, "watch": watch}
        Batch(students, exercises, sandbox, self.folder, Language("en"), **options).run()  # type: ignore[arg-type]  # keywords of Batch
        journal.close()
        return self.graded

    def records(self) -> dict[str, Record]:
        """Without times, which no two runs share."""
        return {p.name: tiny.timeless(p) for p in sorted((self.folder.root / "results").glob("*.json"))}


@pytest.fixture
def klass(tmp_path: Path) -> Class:
    return Class(tmp_path)


@pytest.fixture
def done(klass: Class) -> Class:
    assert len(klass.run()) == 6
    return klass


def test_what_was_done_is_not_graded_again_and_the_records_are_the_same(klass: Class, tmp_path: Path) -> None:
    before = klass.run(stop_after=3)
    after = klass.run()
    assert len(before) == 3
    assert sorted(before + after) == sorted((n, s) for n in HANDED_IN for s in ("twice", "again"))
    undisturbed = Class(tmp_path / "undisturbed")
    undisturbed.run()
    assert klass.records() == undisturbed.records()


def test_all_of_it_stands_when_nothing_differs(done: Class) -> None:
    records = done.records()
    assert done.run() == []
    assert done.records() == records


def test_a_submission_that_has_changed_is_graded_anew(done: Class) -> None:
    (done.paths["bob"] / "twice" / "twice.py").write_bytes(b"# another try\n")
    assert done.run() == [("bob", "twice"), ("bob", "again")]


def test_another_seed_grades_anew(done: Class) -> None:
    assert len(done.run(seed=8)) == 6


def test_a_batch_that_is_told_to_grades_anew(done: Class) -> None:
    assert len(done.run(afresh=True)) == 6


def test_a_script_that_has_changed_grades_its_exercise_anew(done: Class) -> None:
    with (done.course.root / "reference/twice/script.py").open("a") as f:
        f.write("\n# another way of asking\n")
    done.course = Course(done.course.root)
    assert done.run() == [(name, "twice") for name in HANDED_IN]


def test_a_check_that_has_changed_judges_the_same_traces(done: Class) -> None:
    tiny.rewrite(done.course.root / "reference/twice/checks.py", "two times x for any whole number", "twice any number")
    done.course = Course(done.course.root)
    assert done.run() == []
    assert "twice any number" in str(done.records()["alice.json"])


@pytest.mark.parametrize("harm", ["lost", "cut", "other"])
def test_a_trace_that_is_no_longer_what_it_was_is_no_evidence(done: Class, harm: str) -> None:
    trace = next((done.folder.root / "traces/alice/twice").glob("double*.jsonl"))
    if harm == "lost":
        trace.unlink()
    else:
        content = trace.read_bytes()
        trace.write_bytes(content[:-20] if harm == "cut" else content.replace(b"4", b"5"))
    assert done.run() == [("alice", "twice")]


def test_a_torn_last_line_loses_no_more_than_itself(done: Class) -> None:
    path = done.folder.root / FILE
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]) + lines[-1][:40])
    assert done.run() == [("carol", "again")]
    assert done.run() == []


def test_what_could_not_be_graded_is_not_settled(klass: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_engine(*_: Any, **__: Any) -> Any:
        raise MachineError(say("no engine"))

    with monkeypatch.context() as patched:
        patched.setitem(globals(), "grade", no_engine)
        klass.run()
    assert (klass.folder.root / FILE).read_bytes() == b""
    assert len(klass.run()) == 6


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path, "pods")
    yield made
    made.close()


def test_two_batches_do_not_write_into_one_folder(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Another batch"):
        Journal(tmp_path, "pods")
    journal.close()
    Journal(tmp_path, "pods").close()
