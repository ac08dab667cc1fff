"""`pytest --grade`, tried as a person runs it: in a process of its own, alone and with workers."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.catalog import Course
from tests.support import tiny

CONFTEST = "import pathlib; pathlib.Path(__file__).with_name('ran').touch()"


@dataclass(frozen=True)
class Ran:
    code: int
    said: str
    cases: dict[tuple[str, str], ET.Element]

    def outcome(self, student: str, check: str) -> str:
        """passed, or the name of the element that says otherwise."""
        case = self.cases[f"{student}.twice", f"twice.double.{check}"]
        return next((e.tag for e in case), "passed")

    def text(self, student: str, check: str) -> str:
        return "".join(self.cases[f"{student}.twice", f"twice.double.{check}"].itertext())


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("GRADER_COURSE", str(tmp_path / "course"))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    return tiny.course(tmp_path / "course")


@pytest.fixture
def klass(course: Course, tmp_path: Path) -> Path:
    """Two submissions, and a conftest.py wherever pytest might look for one."""
    folder = tmp_path / "class"
    for student, what in {"ann@uni.edu": "solution", "bob": "square", "cy": "numbers_only"}.items():
        tiny.hand_in(course, folder / student, what)
    for place in (folder, folder / "bob", folder / "bob/twice"):
        (place / "conftest.py").write_text(CONFTEST)
        (place / "test_mine.py").write_text("def test_nothing(): assert False")
    return folder


def pytest_run(folder: Path, *args: str) -> Ran:
    command = [sys.executable, "-m", "pytest", *args, "--junitxml=report.xml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    report = folder / "report.xml"
    cases = ET.parse(report).getroot().iter("testcase") if report.exists() else ()
    return Ran(
        done.returncode, done.stdout + done.stderr, {(c.get("classname", ""), c.get("name", "")): c for c in cases}
    )


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_a_class(klass: Path, workers: tuple[str, ...]) -> None:
    ran = pytest_run(klass, "--grade", ".", "--grade-isolation", "process", *workers)
    assert ran.code == 1, ran.said
    assert len(ran.cases) == 6
    assert [ran.outcome("ann@uni.edu", c) for c in ("number", "text")] == ["passed", "passed"]
    assert [ran.outcome("bob", c) for c in ("number", "text")] == ["failure", "passed"]
    assert [ran.outcome("cy", c) for c in ("number", "text")] == ["passed", "failure"]
    assert len(set(re.findall(r"seed (\d+)", ran.said))) == 1


def test_a_failure_says_what_check_says_and_nothing_of_ours(klass: Path) -> None:
    text = pytest_run(klass, "--grade", "bob", "--grade-seed", "7").text("bob", "number")
    assert "double(-3) returned 9" in text
    assert "squares" in text
    assert "grader check twice --only twice.double.number --seed 7" in text
    assert "pytest_items" not in text
    assert "Traceback" not in text


def test_the_folder_of_an_exercise_means_that_exercise(klass: Path) -> None:
    ran = pytest_run(klass, "--grade", "bob/twice")
    assert {student for student, _ in ran.cases} == {"bob.twice"}


@pytest.mark.parametrize("path", [".", "bob"])
def test_nothing_of_a_submission_runs_in_pytest(klass: Path, path: str) -> None:
    pytest_run(klass / "bob", "--grade", f"../{path}", "--grade-isolation", "process")
    assert not list(klass.rglob("ran"))


def test_blocked_is_skipped_and_undecided_an_error(course: Course, klass: Path) -> None:
    checks = course.root / "reference/twice/checks.py"
    tiny.rewrite(checks, "severity=SHOULD,", 'severity=SHOULD, needs=("double.number",),')
    tiny.rewrite(checks, 'return say("the text came back twice")', "return Text('')")
    ran = pytest_run(klass, "--grade", ".", "--grade-isolation", "process")
    assert ran.outcome("bob", "text") == "skipped"
    assert ran.outcome("ann@uni.edu", "text") == "error"
    assert "no evidence" in ran.text("ann@uni.edu", "text")
    assert "twice.double.number" in str(ran.cases["bob.twice", "twice.double.text"][0].get("message"))


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("--grade", "nowhere"), "nowhere"),
        (("--grade", ".", "--grade-exercise", "twise"), "Did you mean twice?"),
        (("--grade", "empty"), "holds no submissions"),
    ],
)
def test_wrong_use_is_said_in_a_line(klass: Path, args: tuple[str, ...], hint: str) -> None:
    (klass / "empty").mkdir()
    ran = pytest_run(klass, *args)
    assert ran.code == pytest.ExitCode.USAGE_ERROR
    assert hint in ran.said
    assert "Traceback" not in ran.said


def test_without_grade_it_costs_nothing(tmp_path: Path) -> None:
    script = "import sys, pytest; pytest.main(['--co']); print(*(m for m in sys.modules if m.startswith('grader')))"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & {"grader", "grader.pytest_plugin"} == {"grader", "grader.pytest_plugin"}
    assert not {w for w in done.stdout.split() if w.startswith("grader.")} - {"grader.pytest_plugin"}
