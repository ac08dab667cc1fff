"""A disk that is full in the middle of a batch: whoever runs it is told, and with room again it ends as if nothing had
happened. The disk is a real one, a small tmpfs in a mount namespace of its own; what runs out is its inodes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.test_killed import ROOT, Class, klass

__all__ = ["klass"]
pytestmark = pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounts a file system")

FILES = (7, 11, 15)  # that there is room for: the batch writes more
SCRIPT = """
set -e
mount -t tmpfs -o size=64m,nr_inodes="$1" none "$2"
batch() { "$GRADER" batch "$CLASS" --out "$OUT" --isolation process --seed 7 && code=0 || code=$?; }
batch
echo "full: $code"
mount -o remount,nr_inodes=10000 "$2"
batch
echo "again: $code"
cp -r "$2/." "$3"
"""


@pytest.mark.parametrize("files", FILES)
def test_a_full_disk_stops_a_batch_that_goes_on_when_there_is_room(klass: Class, tmp_path: Path, files: int) -> None:
    disk, kept = tmp_path / "disk", tmp_path / "kept"
    disk.mkdir()
    kept.mkdir()
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", SCRIPT, "sh", str(files), str(disk), str(kept)],
        env={
            **os.environ,
            "GRADER": str(Path(sys.executable).with_name("grader")),
            "CLASS": str(klass.root / "class"),
            "OUT": str(disk),
            "GRADER_COURSE": str(klass.root / "course"),
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    said = done.stdout + done.stderr
    assert "full: 3" in done.stdout, said
    assert "cannot be written: No space left on device" in done.stderr
    assert "again: 1" in done.stdout, said
    assert klass.records(kept) == klass.records(klass.root / "undisturbed")
    assert len(klass.settled(kept)) == len(set(klass.settled(kept))) == 8
