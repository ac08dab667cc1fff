"""Hostile submissions: nobody gains a point, no other's record changes, nothing is left behind, the batch goes on.

A folder of cases/ is a submission, or holds a make.py that writes one (an archive) into the folder it is given. One of
its files says in its first lines what must come of it:

    # @attack  what it does
    # @expect  zero | fails (some check) | not <check>, … (these) | refused | full (nothing was to be seen)
    #          | undecided <check>, … (these: the program would not be followed)

All of them are one class, graded together with honest submissions by one `grader batch` in Docker.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader.catalog import Course
from grader.report.escape import terminal
from grader.sandbox.engine import Engine
from grader.sandbox.owner import leftovers
from tests.sandbox.conftest import engine  # noqa: F401  # the same fixture, for this folder

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("redteam"), pytest.mark.timeout(1200)]

ROOT = Path(__file__).parents[2]
CASES = sorted(p for p in (Path(__file__).parent / "cases").iterdir() if p.is_dir())
GRADER = Path(sys.executable).with_name("grader")
SCHEMA = json.loads((ROOT / "grader" / "schema" / "result.json").read_text("utf-8"))
CANARY = f"CANARY-{secrets.token_hex(16)}"  # of this machine: in our environment and in a file that anybody may read
MOST = 1 << 20  # bytes of a record
GROUPS = {
    "a": "forging a verdict",
    "b": "reading secrets",
    "c": "exhausting resources",
    "d": "escaping",
    "e": "attacking who reads the reports",
    "f": "attacking the course",
}


@dataclass(frozen=True)
class Case:
    """expect: the words after @expect. made: its folder holds a make.py, not the submission itself."""

    folder: Path
    attack: str
    expect: str

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def made(self) -> bool:
        return (self.folder / "make.py").is_file()


def case(folder: Path) -> Case:
    heads = [p.read_bytes()[:2000].decode("utf-8", "replace") for p in sorted(folder.rglob("*.py"))]
    found = {k: v for head in heads for k, v in re.findall(r"^# @(attack|expect) +(.+)$", head, re.MULTILINE)}
    return Case(folder, found["attack"], found["expect"])


def hand_in(klass: Path, it: Case) -> None:
    if not it.made:
        shutil.copytree(it.folder, klass / it.name, symlinks=True)
        return
    made = klass.parent / f"made-{it.name}"
    made.mkdir()
    subprocess.run([sys.executable, it.folder / "make.py", made], check=True, timeout=60)
    (archive,) = made.iterdir()
    shutil.move(archive, klass / (it.name + "".join(archive.suffixes)))


def honest(klass: Path, course: Course) -> list[str]:
    """The solutions, each as a student's only exercise."""
    for e in course.exercises():
        folder = klass / f"honest-{e.slug}" / e.slug
        folder.mkdir(parents=True)
        for name, content in e.solution().items():
            (folder / name).write_bytes(content)
    return [f"honest-{slug}" for slug in course.slugs]


@pytest.fixture(scope="module")
def graded(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:  # noqa: F811
    """The results folder of one batch over all cases and the honest, and what `grader` printed meanwhile."""
    root = tmp_path_factory.mktemp("redteam")
    klass, out = root / "class", root / "out"
    klass.mkdir()
    for folder in CASES:
        hand_in(klass, case(folder))
    honest(klass, Course(ROOT))
    told = Path("/tmp") / f"reference_answers_{os.getpid()}.txt"  # where an attack looks for one
    told.write_text(CANARY)
    done = subprocess.run(
        [GRADER, "--lang", "en", "batch", klass, "--out", out, "--seed", "11"],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "GRADER_SECRET": CANARY},
    )
    told.unlink()
    (root / "printed").write_bytes(done.stdout + done.stderr)
    assert done.returncode == 1, (root / "printed").read_text("utf-8", "replace")
    yield out
    for planted in Path("/tmp").glob("pwned*"):
        planted.unlink()


def record(out: Path, student: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((out / "results" / f"{student}.json").read_text("utf-8"))
    return data


@pytest.mark.parametrize("folder", CASES, ids=lambda p: p.name)
def test_it_comes_to_what_it_must(graded: Path, folder: Path) -> None:
    it = case(folder)
    data = record(graded, it.name)
    held = [e for e in data["exercises"] if it.made or (folder / e["slug"]).is_dir()]
    verdicts = {c["id"]: c["verdict"] for e in held for c in e["checks"]}
    score = sum(e["score"] for e in held)
    if not it.made:  # a module that is missing keeps all others from being played: such a case tries nothing
        assert "not-attempted" not in {c["mistake"] for e in held for c in e["checks"]}
    match it.expect.split(maxsplit=1):
        case ["zero"]:
            assert score == 0, {i for i, v in verdicts.items() if v == "pass"}
        case ["full"]:
            assert "fail" not in verdicts.values()
        case ["fails"]:
            assert score < sum(e["max_score"] for e in held)
            assert "fail" in verdicts.values()
        case ["refused"]:
            assert data["refused"]
            assert data["score"] == 0
        case ["not", ids]:
            assert {i: verdicts[i] for i in ids.split(", ")} == dict.fromkeys(ids.split(", "), "fail")
        case ["undecided", ids]:  # what cannot be followed is not believed, whatever it comes to
            assert {i: verdicts[i] for i in ids.split(", ")} == dict.fromkeys(ids.split(", "), "undecided")
            return
        case other:
            pytest.fail(f"{folder.name}: no such expectation: {other}")
    assert "undecided" not in verdicts.values(), [c for e in held for c in e["checks"] if c["verdict"] == "undecided"]


@pytest.mark.parametrize("folder", CASES, ids=lambda p: p.name)
def test_its_record_is_like_any_other(graded: Path, folder: Path) -> None:
    path = graded / "results" / f"{folder.name}.json"
    data = record(graded, folder.name)
    jsonschema.validate(data, SCHEMA)
    assert path.stat().st_size < MOST
    for text in strings(data):
        assert terminal(text, keep="\n\t") == text


def strings(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        data = [*data, *data.values()]
    if isinstance(data, list):
        for item in data:
            yield from strings(item)
    elif isinstance(data, str):
        yield data


def test_the_honest_are_graded_as_if_they_were_alone(graded: Path) -> None:
    for slug in Course(ROOT).slugs:
        (exercise,) = (e for e in record(graded, f"honest-{slug}")["exercises"] if e["slug"] == slug)
        assert {c["verdict"] for c in exercise["checks"]} == {"pass"}, slug


def test_who_has_copied_is_named_to_the_instructor(graded: Path) -> None:
    alike = json.loads((graded / "summary.json").read_text("utf-8"))["alike"]
    (found,) = (f for f in alike if "f_copies_the_answer" in f["students"])
    assert (found["slug"], found["solution"]) == ("framing", True)


def test_no_secret_of_this_machine_is_told(graded: Path) -> None:
    told = [p for p in graded.parent.rglob("*") if p.is_file() and CANARY.encode() in p.read_bytes()]
    assert told == []


def test_nothing_is_left_on_this_machine(graded: Path, engine: Engine) -> None:  # noqa: F811
    assert list(Path("/tmp").glob("pwned*")) == []
    assert leftovers(engine) == []


def test_every_group_of_attacks_is_tried() -> None:
    assert {p.name[0] for p in CASES} == set(GROUPS)
