"""A clock that jumps by days, back and forth, changes no verdict: all waiting goes by the monotonic clock."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.faults.test_killed import ROOT, Class, klass

__all__ = ["klass"]

JUMPS = """
import itertools, sys, time
days = itertools.cycle([86400.0, -86400.0, 0.0])
true = time.time
time.time = lambda: true() + next(days)
from grader.cli import main
main()
"""
WALL = re.compile(r"time\.time\(\)|from time import .*\btime\b")
SHOWN_ONLY = {"grading.py", "instrument/datagrams.py"}  # when it began; the kernel's stamps, never later than now


def test_a_batch_under_a_clock_that_jumps(klass: Class, tmp_path: Path) -> None:
    words = ["batch", str(klass.root / "class"), "--out", str(tmp_path), "--isolation", "process", "--seed", "7"]
    environment = {**os.environ, "GRADER_COURSE": str(klass.root / "course")}
    done = subprocess.run([sys.executable, "-c", JUMPS, *words], env=environment, cwd=ROOT, capture_output=True)
    assert done.returncode == 1, done.stderr
    assert klass.records(tmp_path) == klass.records(klass.root / "undisturbed")


def test_nothing_of_ours_waits_by_the_walls_clock() -> None:
    package = ROOT / "grader"
    users = {p.relative_to(package).as_posix() for p in package.rglob("*.py") if WALL.search(p.read_text("utf-8"))}
    assert users <= SHOWN_ONLY
