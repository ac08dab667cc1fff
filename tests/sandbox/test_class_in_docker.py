"""The whole path on the real engine: one command grades the class, and every outcome is the one that was promised."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from grader.sandbox.engine import Engine
from grader.sandbox.owner import leftovers

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("whole-class"), pytest.mark.timeout(900)]

TESTS = Path(__file__).parent.parent
EXPECTED = json.loads((TESTS / "classroom.expected.json").read_text("utf-8"))
GRADER = Path(sys.executable).with_name("grader")
SCHEMA = json.loads((TESTS.parent / "grader" / "schema" / "result.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def graded(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results folder of `grader batch` over the class, in Docker."""
    out = tmp_path_factory.mktemp("graded")
    done = subprocess.run(
        [GRADER, "--lang", "en", "batch", TESTS / "classroom", "--out", out, "--seed", "11"],
        capture_output=True,
        text=True,
        cwd=TESTS.parent,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return out


def records(out: Path) -> dict[str, dict[str, object]]:
    return {p.stem: json.loads(p.read_text("utf-8")) for p in sorted((out / "results").glob("*.json"))}


def outcome(exercise: dict[str, object]) -> str:
    required = sum(c["points"] for c in exercise["checks"] if c["severity"] != "bonus")
    return "full" if required == exercise["max_score"] else "part" if exercise["score"] else "zero"


def test_every_student_gets_what_was_promised(graded: Path) -> None:
    found = {s: {e["slug"]: outcome(e) for e in r["exercises"]} for s, r in records(graded).items()}
    assert {s: {e: o for e, o in f.items() if e in EXPECTED[s]} for s, f in found.items()} == EXPECTED


def test_nothing_is_undecided_and_every_record_is_valid(graded: Path) -> None:
    for student, record in records(graded).items():
        jsonschema.validate(record, SCHEMA)
        assert record["isolation"] == "docker", student
        assert {c["verdict"] for e in record["exercises"] for c in e["checks"]} <= {"pass", "fail", "blocked"}, student


def test_forging_and_killing_earns_what_an_empty_folder_earns(graded: Path) -> None:
    scores = {student: record["score"] for student, record in records(graded).items()}
    assert scores["you_forger"] == scores["qin_exits_at_import"] == scores["kong_empty_folder"] == 0


def test_every_failure_names_what_was_expected_and_seen(graded: Path) -> None:
    for record in records(graded).values():
        for check in (c for e in record["exercises"] for c in e["checks"] if c["verdict"] == "fail"):
            assert check["expected"] and check["actual"], check["id"]
            assert "timed out" not in check["actual"]


def test_nothing_of_the_batch_is_left_in_the_engine(graded: Path, engine: Engine) -> None:
    assert leftovers(engine) == []
