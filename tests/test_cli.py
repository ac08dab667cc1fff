"""The command line: what is said, on which stream, in which language, and with which exit code."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from grader.catalog import Course
from grader.cli import COMMANDS, run
from grader.commands.app import App
from grader.commands.check import Places
from grader.selftest import violations
from tests.support import tiny

GRADER = (sys.executable, "-c", "from grader.cli import main; main()")


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


def call(*args: object, **env: str) -> Said:
    out, err = io.StringIO(), io.StringIO()
    code = run([str(a) for a in args], out, err, {"LANG": "C.UTF-8"} | env)
    return Said(code, out.getvalue(), err.getvalue())


def no_trouble(said: Said) -> Said:
    assert (said.code, said.err) == (0, "")
    return said


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A tiny course, and an empty folder to stand in."""
    root = tmp_path / "course"
    monkeypatch.setenv("GRADER_COURSE", str(root))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tiny.course(root, "twice", "again")


def test_who_waits_lends_its_place_and_gets_it_back() -> None:
    places, entered = Places(1), threading.Event()

    def other() -> None:
        with places.taken():
            entered.set()

    with places.taken():
        thread = threading.Thread(target=other)
        thread.start()
        assert not entered.is_set()
        with places.lent():
            assert entered.wait(10)
            thread.join()
    with places.taken():
        pass


# --- list, help, wrong use -----------------------------------------------------------------------------------------


def test_list(course: Course) -> None:
    lines = no_trouble(call("list")).out.splitlines()
    assert [line.split()[1] for line in lines] == ["slug", "twice", "again"]
    said = no_trouble(call("list", "--format", "json")).data
    assert [(e["slug"], e["modules"]) for e in said["exercises"]] == [("twice", ["twice.py"]), ("again", ["again.py"])]


def test_list_in_chinese_stands_in_columns(course: Course) -> None:
    head, *rows = no_trouble(call("list", "--lang", "zh")).out.splitlines()
    assert rows[0].endswith("TODO：twice")
    assert cell_len(head[: head.rindex(" ")]) == cell_len(rows[0][: rows[0].index("TODO：")]) - 1


@pytest.mark.parametrize("name", ["docker", "jsonschema", "pytest", "rich", "polib"])
def test_list_imports_nothing_heavy(course: Course, name: str) -> None:
    script = (
        f"import sys; from grader.cli import run; run(['list'], None, None, {{}}); sys.exit({name!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("command", [(), *((c,) for c in COMMANDS)])
def test_help(command: tuple[str, ...], lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    assert call(*command, "--help", "--lang", lang).code == 0
    said = out.getvalue()
    assert f"grader {' '.join(command)}".strip() in said
    assert "--lang" in said
    assert "--format" in said
    assert max(cell_len(line) for line in said.splitlines()) <= 72
    assert ("--help" in said) and (lang == "en") == said.isascii()


def test_without_a_command_the_help(course: Course) -> None:
    said = call()
    assert said.code == 2
    assert all(c in said.out for c in COMMANDS)


def test_version() -> None:
    assert no_trouble(call("--version")).out.startswith("grader ")


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("chek",), "grader check"),
        (("check", "twise"), "twice"),
        (("start", "twise"), "twice"),
        (("explain", "square"), "squares"),
        (("explain", "twice.double.numbers"), "twice.double.number"),
        (("check", "--ony", "x"), "--only"),
        (("check", "--isolation", "vm"), "process, docker"),
        (("check", "--seed", "-3"), "0 or more"),
        (("batch", "class"), "--out"),
        (("batch",), "CLASS"),
        (("check", "-C", "nowhere"), "nowhere"),
        (("check",), "twice/twice.py"),
        (("check", "--rejudge"), "grader check"),
        (("batch", "nowhere", "--out", "out"), "nowhere"),
        (("new-exercise", "Not A Slug"), "letters"),
        (("new-exercise", "twice"), "twice"),
        (("selftest", "twise"), "twice"),
    ],
)
def test_wrong_use_is_one_sentence_with_a_way_out(course: Course, args: tuple[str, ...], hint: str) -> None:
    said = call(*args)
    assert (said.code, said.out) == (2, "")
    assert hint in said.err
    assert len(said.err.splitlines()) == 1
    assert "Traceback" not in said.err


def test_wrong_use_is_said_in_the_language_asked_for(course: Course) -> None:
    assert not call("chek", "--lang", "zh").err.isascii()
    assert not call("check", "--nonsense", LANG="zh_CN.UTF-8").err.isascii()
    assert call("check", "--nonsense", "--lang=en", LANG="zh_CN.UTF-8").err.isascii()


@pytest.mark.parametrize("args", [("list",), ("check",), ("batch", ".", "--out", "out"), ("selftest",)])
def test_a_course_without_exercises(args: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_COURSE", str(tmp_path))
    for folder in ("exercises", "reference"):
        (tmp_path / folder).mkdir()
    said = call(*args)
    assert (said.code, said.out) == (2, "")
    assert "grader new-exercise" in said.err


# --- our trouble ---------------------------------------------------------------------------------------------------


def test_a_broken_exercise_json_is_named_with_the_place_in_it(course: Course) -> None:
    tiny.rewrite(course.root / "exercises/twice/exercise.json", '"points": 3', '"points": "three"')
    said = call("list")
    assert said.code == 3
    assert "exercise.json" in said.err
    assert "$.points" in said.err


def test_no_engine(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    tiny.hand_in(course, Path(), "solution")
    said = call("check", "--isolation", "docker")
    assert (said.code, said.out) == (3, "")
    assert "--isolation process" in said.err


@pytest.mark.parametrize(
    ("error", "code", "hint"), [(KeyboardInterrupt(), 3, "Stopped"), (ZeroDivisionError("oh"), 3, "bug in the grader")]
)
def test_what_nobody_foresaw(
    error: BaseException, code: int, hint: str, monkeypatch: pytest.MonkeyPatch, course: Course
) -> None:
    def broken(self: Course) -> None:
        raise error

    monkeypatch.setattr(Course, "exercises", broken)
    said = call("list")
    assert (said.code, said.out) == (code, "")
    assert hint in said.err
    assert "Traceback" not in said.err
    debugged = call("list", GRADER_DEBUG="1")
    assert ("Traceback" in debugged.err) == isinstance(error, Exception)


# --- start ---------------------------------------------------------------------------------------------------------


def test_start_copies_what_a_student_needs(course: Course) -> None:
    said = no_trouble(call("start", "twice"))
    assert {p.name for p in Path("twice").iterdir()} == {"twice.py", "README.md", "README.zh.md"}
    assert "grader check twice" in said.out


def test_start_touches_nothing_that_is_there(course: Course) -> None:
    Path("twice").mkdir()
    Path("twice/twice.py").write_text("mine")
    said = no_trouble(call("start", "twice", "--format", "json")).data
    assert Path("twice/twice.py").read_text() == "mine"
    assert (said["kept"], len(said["made"])) == (["twice/twice.py"], 2)


# --- check ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("what", "code", "score"), [("solution", 0, 3), ("square", 1, 1), ("stub", 1, 0)])
def test_check(course: Course, what: str, code: int, score: int) -> None:
    tiny.hand_in(course, Path(), what)
    said = call("check", "--format", "json", "--seed", "7")
    assert (said.code, said.err) == (code, "")
    assert not list(violations("result", said.data, "result"))
    assert said.data["score"] == score
    assert [e["slug"] for e in said.data["exercises"]] == ["twice"]
    assert {c["trace"] is None or (Path(".grader") / c["trace"]).is_file() for c in said.data["exercises"][0]["checks"]}


def test_judging_again_says_the_same_to_the_byte(course: Course) -> None:
    tiny.hand_in(course, Path(), "square")
    first = call("check")
    Path("twice/twice.py").write_text("print('changed since')")
    assert call("check", "--rejudge") == first
    data = call("check", "--rejudge", "--format", "json")
    assert (data.code, call("check", "--rejudge", "--format", "json")) == (1, data)
    assert call("check", "--rejudge", "--lang", "zh").out != first.out


@pytest.mark.parametrize("what", ["stub", "solution"])
def test_json_of_a_check_and_of_judging_it_again_are_the_same(course: Course, what: str) -> None:
    tiny.hand_in(course, Path(), what)
    assert call("check", "--format", "json") == call("check", "--rejudge", "--format", "json")


def test_judging_again_can_be_asked_for_one_exercise(course: Course) -> None:
    for slug in ("twice", "again"):
        tiny.hand_in(course, Path(), "solution", slug)
    assert call("check").code == 0
    said = no_trouble(call("check", "again", "--rejudge", "--format", "json")).data
    assert [e["slug"] for e in said["exercises"]] == ["again"]
    assert call("check", "twice").code == 0
    assert "grader check again" in call("check", "again", "--rejudge").err
    assert call("check", "--rejudge", "--seed", "1").code == 2


def test_a_changed_check_judges_the_saved_traces(course: Course) -> None:
    tiny.hand_in(course, Path(), "square")
    assert call("check").code == 1
    tiny.rewrite(course.root / "reference/twice/checks.py", "value_of(2 * n), squared", "value_of(n * n), squared")
    assert call("check", "--rejudge").code == 0


def test_exercises_that_are_not_there_fail_only_when_named(course: Course) -> None:
    tiny.hand_in(course, Path(), "solution")
    said = call("check")
    assert said.code == 0
    assert said.out.splitlines()[-1].endswith("again")
    named = call("check", "twice", "again", "--format", "json")
    assert named.code == 1
    assert {c["mistake"] for c in named.data["exercises"][1]["checks"]} == {"not-attempted"}


def test_only_plays_what_was_asked_for(course: Course) -> None:
    tiny.hand_in(course, Path(), "square")
    said = call("check", "--only", "twice.double.text", "--format", "json")
    assert said.code == 0
    assert [(c["id"], c["verdict"]) for c in said.data["exercises"][0]["checks"]] == [("twice.double.text", "pass")]
    assert "twice.double.text" in call("check", "--only", "twice.double.txt").err


def test_the_folder_of_an_exercise_means_that_exercise(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    for slug in ("twice", "again"):
        tiny.hand_in(course, Path(), "solution", slug)
    monkeypatch.chdir("twice")
    said = call("check", "--format", "json")
    assert [e["slug"] for e in said.data["exercises"]] == ["twice"]
    assert Path("../.grader/last.json").is_file()
    monkeypatch.chdir("..")
    assert [e["slug"] for e in call("check", "-C", "again", "--format", "json").data["exercises"]] == ["again"]


def test_a_refused_submission_fails_with_the_reason(course: Course) -> None:
    Path("alice.zip").write_bytes(b"no zip")
    said = call("check", "-C", "alice.zip")
    assert said.code == 1
    assert "alice.zip" not in said.err
    assert "zip" in said.out


def test_what_cannot_be_kept_is_a_warning(course: Course) -> None:
    tiny.hand_in(course, Path(), "solution")
    Path(".grader").write_text("in the way")
    said = call("check")
    assert said.code == 0
    assert ".grader" in said.err
    assert "3/3" in said.out


def test_undecided_is_our_trouble_and_no_failure(course: Course) -> None:
    checks = course.root / "reference/twice/checks.py"
    tiny.rewrite(checks, 'return say("the text came back twice")', 'raise Unclear(say("too dark to see"))')
    tiny.rewrite(checks, "import SHOULD,", "import SHOULD, Unclear,")
    tiny.hand_in(course, Path(), "solution")
    said = call("check")
    assert said.code == 3
    assert "too dark to see" in said.out


def test_a_folder_may_be_called_anything(course: Course) -> None:
    folder = tiny.hand_in(course, Path("my work (1)"), "solution")
    assert no_trouble(call("check", "-C", folder, "--format", "json")).data["student"] == "my-work--1-"


# --- explain, doctor, new-exercise, selftest -----------------------------------------------------------------------


def test_explain(course: Course) -> None:
    said = no_trouble(call("explain", "squares")).out
    assert "multiplied by itself" in said
    assert "return x * x" in said
    assert "twice, again" in said
    assert "every exercise" in no_trouble(call("explain", "not-attempted")).out
    check = no_trouble(call("explain", "twice.double.text", "--format", "json")).data
    assert (check["severity"], check["points"], check["needs"]) == ("should", 1, [])


def test_doctor_says_what_works_without_an_engine(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    said = no_trouble(call("doctor", "--format", "json")).data
    assert said["isolations"] == ["process"]
    assert {f["ok"] for f in said["findings"] if f["group"] != "docker"} == {True}


def test_doctor_without_a_course_finds_nothing_that_works(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    monkeypatch.setenv("GRADER_COURSE", "/nowhere")
    said = call("doctor")
    assert said.code == 3
    assert "GRADER_COURSE" in said.out


def test_a_new_exercise_passes_its_selftest(course: Course) -> None:
    made = no_trouble(call("new-exercise", "ring-buffer", "--format", "json")).data["made"]
    assert all(Path(m).is_file() for m in made)
    said = no_trouble(call("selftest", "ring_buffer", "--format", "json", "--rounds", "2"))
    (row,) = said.data["exercises"]
    assert (row["solution"], row["stub"], row["mutants"], row["checks"]) == ([2, 2], [4, 4], [4, 4], [2, 2])
    assert said.data["faults"] == []


def test_selftest_names_the_fault(course: Course) -> None:
    tiny.rewrite(course.root / "reference/twice/solution/twice.py", "x * 2", "x * 3")
    said = call("selftest", "twice")
    assert said.code == 1
    assert "twice/solution" in said.out


def test_selftest_of_some_programs(course: Course) -> None:
    said = no_trouble(call("selftest", "twice/solution", "twice/mutants/sq*", "--rounds", "3", "--format", "json"))
    (row,) = said.data["exercises"]
    assert (row["solution"], row["stub"], row["mutants"]) == ([3, 3], [0, 0], [3, 3])
    said = call("selftest", "twice/mutants/cube")
    assert said.code == 2
    assert "twice/mutants/*" in said.err


@pytest.mark.parametrize("count", [("--rounds", "3"), ("--flips", "12")])
def test_a_selftest_that_is_stopped_shows_what_it_has_found(
    course: Course, monkeypatch: pytest.MonkeyPatch, count: tuple[str, str]
) -> None:
    tiny.rewrite(course.root / "reference/twice/solution/twice.py", "x * 2", "x * 3")

    @contextlib.contextmanager
    def stopped_by_the_second(app: App, total: int) -> Iterator[Callable[[int, str], None]]:
        def moved(done: int, note: str) -> None:
            if done == 2:
                raise KeyboardInterrupt

        yield moved

    monkeypatch.setattr(App, "bar", stopped_by_the_second)
    said = call("selftest", "twice/solution", *count)
    assert said.code == 3
    assert "twice/solution, seed" in said.out
    assert "as promised" not in said.out
    assert "Stopped." in said.err


def test_the_kill_matrix_shows_every_check_on_every_mutant(course: Course) -> None:
    said = no_trouble(call("selftest", "twice", "--matrix"))
    assert "square" in said.out
    assert "✘" in said.out
    data = no_trouble(call("selftest", "twice", "--matrix", "--format", "json")).data["matrix"]["twice"]
    assert set(data) == {"square", "numbers_only"}
    assert all(set(row) == {"twice.double.number", "twice.double.text"} for row in data.values())


# --- batch ---------------------------------------------------------------------------------------------------------


def test_batch(course: Course) -> None:
    for name, what in {"alice": "solution", "bob": "square"}.items():
        tiny.hand_in(course, Path("class") / name, what)
    Path("class/eve.zip").write_bytes(b"no zip")
    said = call("batch", "class", "--out", "out", "--isolation", "process", "-e", "twice", "-j", "2")
    assert (said.code, said.err) == (1, "")
    assert {"alice: 3/3", "bob: 1/3"} <= set(said.out.splitlines())
    assert {p.name for p in Path("out/results").iterdir()} == {"alice.json", "bob.json", "eve.json"}
    assert "refused" in json.loads(Path("out/results/eve.json").read_text())
    summary = call("batch", "class", "--out", "out", "--isolation", "process", "-e", "twice", "--format", "json")
    assert summary.data == json.loads(Path("out/summary.json").read_text())


def test_a_class_all_right_is_0(course: Course) -> None:
    tiny.hand_in(course, Path("class/alice"), "solution")
    assert no_trouble(call("batch", "class", "--out", "out", "--isolation", "process", "-e", "twice")).code == 0


@pytest.mark.parametrize("out", ["class", "class/out", "."])
def test_results_and_class_are_kept_apart(course: Course, out: str) -> None:
    folder = Path("results") if out == "." else Path("class")
    tiny.hand_in(course, folder / "alice", "solution")
    said = call("batch", folder, "--out", out, "--isolation", "process")
    assert said.code == 2
    assert "--out" in said.err


def test_an_unwritable_out_is_known_before_anything_is_graded(course: Course) -> None:
    tiny.hand_in(course, Path("class/alice"), "solution")
    Path("out").write_text("in the way")
    said = call("batch", "class", "--out", "out", "--isolation", "process")
    assert (said.code, said.out) == (2, "")
    assert "out" in said.err


@pytest.mark.parametrize("names", [(), ("ann lee",), ("ann", "Ann")])
def test_a_class_that_is_none(course: Course, names: tuple[str, ...]) -> None:
    Path("class").mkdir()
    for name in names:
        tiny.hand_in(course, Path("class") / name, "solution")
    said = call("batch", "class", "--out", "out", "--isolation", "process")
    assert (said.code, said.out) == (2, "")


# --- streams -------------------------------------------------------------------------------------------------------


def test_a_reader_may_leave(course: Course) -> None:
    """As `grader list | true` does it: the pipe is closed before the first line."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*GRADER, "list"], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_standard_output_may_be_missing(course: Course) -> None:
    done = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *GRADER, "list"], stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_an_output_that_is_full_is_said(course: Course) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*GRADER, "list"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 3
    assert b"cannot be written" in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_output_without_chinese_gets_english(course: Course) -> None:
    env = os.environ | {"PYTHONIOENCODING": "ascii", "LANG": "zh_CN.UTF-8", "LC_ALL": ""}
    done = subprocess.run([*GRADER, "list"], env=env, capture_output=True, check=True, text=True)
    assert "title" in done.stdout
    failed = subprocess.run([*GRADER, "chek"], env=env, capture_output=True, check=False, text=True)
    assert "Did you mean" in failed.stderr


def test_json_is_utf8_whatever_the_terminal_is(course: Course) -> None:
    env = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*GRADER, "list", "--format", "json"], env=env, capture_output=True, check=True)
    assert "TODO：twice" in json.loads(done.stdout.decode("utf-8"))["exercises"][0]["title"]["zh"]
