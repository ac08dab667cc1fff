"""Ctrl-C in the middle of a batch: what is done is kept, nothing goes on running, and the same command finishes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox.engine import Engine
from grader.sandbox.owner import OWNER
from tests.faults.test_engine_dies import records
from tests.faults.test_killed import ROOT
from tests.sandbox.conftest import engine  # noqa: F401  # the same fixture, for this folder
from tests.support import tiny

GRADER = Path(sys.executable).with_name("grader")
STUDENTS = {f"s{i}": what for i, what in enumerate(("solution", "square", "numbers_only") * 2)}
# A command of a shell at a terminal hears Ctrl-C; one that was started in the background, as we may be, does not.
AT_A_TERMINAL = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
)
PODS = [pytest.param("docker", marks=[pytest.mark.docker, pytest.mark.timeout(300)]), "process"]


@pytest.fixture
def klass(tmp_path: Path) -> Path:
    course = tiny.course(tmp_path / "course", "twice", "again")
    for name, what in STUDENTS.items():
        for slug in course.slugs:
            tiny.hand_in(course, tmp_path / "class" / name, what, slug)
    (tmp_path / "tmp").mkdir()
    return tmp_path


def batch(klass: Path, out: str, isolation: str) -> subprocess.Popen[str]:
    places = {"GRADER_COURSE": str(klass / "course"), "TMPDIR": str(klass / "tmp")}
    words = [GRADER, "--lang", "en", "batch", klass / "class", "--out", klass / out, "--isolation", isolation]
    return subprocess.Popen(
        [sys.executable, "-c", AT_A_TERMINAL, *words, "--seed", "7", "-j", "2"],
        env={**os.environ, **places},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("isolation", PODS)
def test_ctrl_c_keeps_what_is_done_and_the_same_command_finishes_it(
    klass: Path, isolation: str, request: pytest.FixtureRequest
) -> None:
    whole = batch(klass, "undisturbed", isolation)
    said, _ = whole.communicate()
    assert whole.returncode == 1, said
    true = records(klass / "undisturbed")

    stopped = batch(klass, "out", isolation)
    assert stopped.stdout
    with stopped.stdout as stdout:
        next(line for line in stdout if line.startswith("s"))  # somebody is done
        stopped.send_signal(signal.SIGINT)
        said = stdout.read()
    assert stopped.wait() == 3, said
    assert "Stopped. What was done is kept." in said
    assert "Traceback" not in said
    kept = records(klass / "out")
    assert 0 < len(kept) < len(STUDENTS), said
    assert kept == {student: true[student] for student in kept}
    assert left(isolation, klass, stopped.pid, request) == []

    again = batch(klass, "out", isolation)
    said, _ = again.communicate()
    assert again.returncode == 1, said
    assert "Goes on where an earlier batch was stopped" in said
    assert records(klass / "out") == true


def left(isolation: str, klass: Path, pid: int, request: pytest.FixtureRequest) -> list[str]:
    """Pods of this grader that are still there, and what it left in its temporary folder."""
    kept = sorted(p.name for p in (klass / "tmp").iterdir())
    if isolation == "docker":
        found: Engine = request.getfixturevalue("engine")
        kept += [c["Id"] for c in found.labelled("grader=pod") if f":{pid}:" in c["Labels"].get(OWNER, "")]
    return kept
