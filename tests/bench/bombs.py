"""What five bombs in a class cost the others: a batch in Docker of 20 honest submissions, some right and some wrong,
beside a fork bomb, a memory bomb, a flood of standard output, full TCP buffers and full disks; and the same batch
without the bombs. The honest must come to the same in both."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

from grader.catalog import find_course

ROOT = Path(__file__).parents[2]
GRADER = Path(sys.executable).with_name("grader")
CASES = ROOT / "tests" / "redteam" / "cases"
BOMBS = (
    "c_forks_without_end",
    "c_holds_memory",
    "c_floods_stdout",
    "c_fills_socket_buffers",
    "c_fills_memory_disks",
)
SLUG, HONEST = "framing", 20


def cost(work: Path) -> float:
    """Seconds of the batch with the bombs over those of the batch without."""
    with tempfile.TemporaryDirectory(dir=work) as folder:
        calm, wild = Path(folder) / "calm", Path(folder) / "wild"
        hand_in(calm)
        shutil.copytree(calm, wild)
        for name in BOMBS:
            shutil.copytree(CASES / name, wild / name)
        alone, undisturbed = batch(calm)
        beside, found = batch(wild)
    if any(found.pop(name)["score"] for name in BOMBS):
        raise SystemExit("a bomb has earned points")
    if found != undisturbed:
        raise SystemExit(f"bombs have changed the results of {[s for s in found if found[s] != undisturbed[s]]}")
    return beside / alone


def hand_in(klass: Path) -> None:
    """The solution, the other right programs, and mutants."""
    exercise = find_course(ROOT).exercise(SLUG)
    mutants = {name: files for name, (files, *_) in exercise.mutants().items()}
    programs = {"solution": exercise.solution(), **exercise.right(), **mutants}
    for name, files in islice(programs.items(), HONEST):
        (klass / name / SLUG).mkdir(parents=True)
        for module, content in files.items():
            (klass / name / SLUG / module).write_bytes(content)


def batch(klass: Path) -> tuple[float, dict[str, dict[str, Any]]]:
    """How long it took, and the records."""
    out = klass.with_name(f"{klass.name}-out")
    began = time.monotonic()
    words = [GRADER, "batch", klass, "--out", out, "-e", SLUG, "--seed", "7"]
    done = subprocess.run(words, stdout=subprocess.DEVNULL, cwd=ROOT)
    if done.returncode != 1:
        raise SystemExit("a batch did not come to its end")
    return time.monotonic() - began, {p.stem: timeless(p) for p in (out / "results").iterdir()}


def timeless(path: Path) -> dict[str, Any]:
    """A record without the times, which no two runs share."""
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    for part in (data, *data["exercises"]):
        for name in ("started", "seconds"):
            part.pop(name, None)
    return data
