"""kill -9 at any moment of a batch loses nothing: the same command again ends with the records of an undisturbed run.

GRADER_KILLS: at so many moments, drawn from a fixed seed; the suite tries a few.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from grader.catalog import Course
from grader.journal import FILE, Settled
from tests.support import tiny

ROOT = Path(__file__).parents[2]
HANDED_IN = {"alice": "solution", "bob": "square", "carol": "stub", "dave": "numbers_only"}
KILLS = range(int(os.environ.get("GRADER_KILLS", "8")))


@dataclass(frozen=True)
class Class:
    """A course, a class of four and what a batch over them wrote when nothing disturbed it, in so many moments."""

    root: Path
    moments: int = 0

    def batch(self, out: Path, last: int = 0) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "GRADER_COURSE": str(self.root / "course"), "TMPDIR": str(self.root / "tmp")}
        arguments = ["batch", str(self.root / "class"), "--out", str(out), "--isolation", "process", "--seed", "7"]
        return subprocess.run(
            [sys.executable, "-m", "tests.faults.dies", str(last), str(self.root / "count"), *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )

    def records(self, out: Path) -> dict[str, object]:
        return {p.stem: tiny.timeless(p) for p in sorted((out / "results").glob("*.json"))}

    def settled(self, out: Path) -> list[tuple[str, str]]:
        path = out / FILE
        found = []
        for line in path.read_bytes().splitlines() if path.exists() else ():
            try:
                settled = msgspec.json.decode(line, type=Settled)
            except msgspec.DecodeError:
                continue  # torn
            found.append((settled.student, settled.slug))
        return found

    def left_in_tmp(self) -> list[str]:
        return sorted(p.name for p in (self.root / "tmp").iterdir())


@pytest.fixture(scope="module")
def klass(tmp_path_factory: pytest.TempPathFactory) -> Class:
    root = tmp_path_factory.mktemp("killed")
    (root / "tmp").mkdir()
    course: Course = tiny.course(root / "course", "twice", "again")
    for name, what in HANDED_IN.items():
        tiny.hand_in(course, root / "class" / name, what)
    done = Class(root).batch(root / "undisturbed")
    assert done.returncode == 1, done.stdout + done.stderr
    return Class(root, int((root / "count").read_text()))


@pytest.mark.parametrize("kill", KILLS)
def test_the_same_command_again_ends_as_if_nothing_had_happened(klass: Class, tmp_path: Path, kill: int) -> None:
    out, last = tmp_path / "out", random.Random(f"kill {kill}").randrange(1, klass.moments)
    out.mkdir()
    killed = klass.batch(out, last)
    assert killed.returncode in (-signal.SIGKILL, 1), "1: the last moments are not reached in every batch"
    finished = klass.settled(out)
    again = klass.batch(out)
    assert again.returncode == 1, again.stdout + again.stderr
    assert klass.records(out) == klass.records(klass.root / "undisturbed")
    assert klass.settled(out)[: len(finished)] == finished
    assert len(klass.settled(out)) == len(set(klass.settled(out))) == 8, "nothing was graded twice"
    assert klass.left_in_tmp() == [], "the next grader has swept up after the one that was killed"
