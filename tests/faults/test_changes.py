"""A submission that changes while it is graded: what was hashed was graded, and the record says which it was."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, product
from pathlib import Path

from grader.catalog import Course
from grader.grading import take
from tests.faults.test_killed import ROOT
from tests.support import tiny

GRADER = Path(sys.executable).with_name("grader")
SLUGS, VERSIONS = ("twice", "again"), ("solution", "numbers_only")
Verdicts = dict[str, str]


def batch(course: Course, klass: Path, out: Path) -> dict[str, tuple[str, Verdicts]]:
    """Student → the hash in the record, and what was found."""
    words = [GRADER, "batch", klass, "--out", out, "--isolation", "process", "--seed", "7", "-j", "2"]
    environment = {**os.environ, "GRADER_COURSE": str(course.root)}
    done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    records = [tiny.timeless(path) for path in sorted((out / "results").iterdir())]
    return {
        r["student"]: (r["submission_sha256"], {c["id"]: c["verdict"] for e in r["exercises"] for c in e["checks"]})
        for r in records
    }


def test_what_was_hashed_is_what_was_graded(tmp_path: Path) -> None:
    course = tiny.course(tmp_path / "course", *SLUGS)
    for whats in product(VERSIONS, repeat=len(SLUGS)):
        for slug, what in zip(SLUGS, whats, strict=True):
            tiny.hand_in(course, tmp_path / "still" / "-".join(whats), what, slug)
    true = dict(batch(course, tmp_path / "still", tmp_path / "still-out").values())
    assert len(true) == 4

    klass = tmp_path / "class"
    for i in range(6):
        for slug in SLUGS:
            tiny.hand_in(course, klass / f"s{i}", "solution", slug)
    over = threading.Event()
    with ThreadPoolExecutor(1) as writer:
        changes = writer.submit(rewrite_until, over, course, klass, tmp_path / "new")
        try:
            found = batch(course, klass, tmp_path / "out")
        finally:
            over.set()
    assert changes.result() > 100

    assert len(found) == 6
    assert {student: true[sha256] for student, (sha256, _) in found.items()} == {s: v for s, (_, v) in found.items()}
    settled = batch(course, klass, tmp_path / "out")
    now = {path.name: take(path, course).sha256 for path in klass.iterdir()}
    assert {student: sha256 for student, (sha256, _) in settled.items()} == now, "what has changed is graded anew"
    assert all(verdicts == true[sha256] for sha256, verdicts in settled.values())


def rewrite_until(over: threading.Event, course: Course, klass: Path, new: Path) -> int:
    """Each file becomes another version, whole at every moment, as an editor saves it. How often."""
    steps, n = cycle(product(VERSIONS, sorted(klass.glob("*/*/*.py")))), 0
    while not over.is_set():
        version, target = next(steps)
        slug = target.parent.name
        made = tiny.hand_in(course, new, version, slug) / slug / target.name
        made.replace(target)
        n += 1
    return n
