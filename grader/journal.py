"""What a batch has settled, so that the same command goes on where the last one was stopped. Layer 7.

DIR/journal.jsonl holds a line for each exercise of a student, put on the disk after its traces and before the record.

Rule 1: what stands is judged again from its traces, never copied from a record: a better check or hint reaches it too.
Rule 2: it stands only for the same submission, byte for byte, under the same seed, exercise and pods. Whatever differs
is graded anew.
Rule 3: a line speaks only for traces that still have its digest; after a torn line, a lost or a changed trace it is
graded anew.
Rule 4: one batch at a time writes into a folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from grader import store
from grader.catalog import Exercise
from grader.errors import UsageError
from grader.model import Snapshot, say
from grader.refusal import not_attempted
from grader.run import Graded, rejudge
from grader.sandbox.base import PodInfo

FILE = "journal.jsonl"


class Settled(msgspec.Struct, frozen=True):
    """A line. under: digest of all that the traces depend on but the submission. traces: digest of the files.

    info: (isolation, Python, image) of the pod, or None where nothing was run.
    """

    student: str
    slug: str
    submission: str
    seed: int
    under: str
    traces: str
    seconds: float
    info: tuple[str, str, str] | None = None


class Journal:
    """Of the folder `root` of a batch; closed by `close`. Raises UsageError where another batch is writing there.

    made_of: see sandbox.base.Sandbox. afresh: nothing stands.
    """

    def __init__(self, root: Path, made_of: str, *, afresh: bool = False) -> None:
        self._root, self._made_of = root, made_of
        path = root / FILE
        with store.blaming(path):
            self._file = path.open("ab", buffering=0)
            if path.stat().st_size and not path.read_bytes().endswith(b"\n"):
                self._file.write(b"\n")  # ends a torn line
        try:
            _lock(self._file.fileno(), root)
        except UsageError:
            self._file.close()
            raise
        self._settled: Mapping[tuple[str, str], Settled] = {} if afresh else _read(path)

    @property
    def seed(self) -> int | None:
        """The seed of what was settled last."""
        return next((s.seed for s in reversed([*self._settled.values()])), None)

    def standing(self, exercise: Exercise, snapshot: Snapshot, seed: int) -> Graded | None:
        """What an earlier batch has settled of this, judged by today's checks; None where it must be graded."""
        line = self._settled.get((snapshot.student, exercise.slug))
        if not line or (line.submission, line.under) != (snapshot.sha256, self._under(exercise, seed)):
            return None
        folder = self._root / "traces" / snapshot.student
        try:
            if _digest(folder / exercise.slug) != line.traces:
                return None
            traces = store.read_traces(folder, exercise.slug)
        except (OSError, ValueError):
            return None
        results = rejudge(exercise.checks, traces, not_attempted(snapshot, exercise.slug, exercise.stubs))
        info = PodInfo(*line.info, agent_pid=0) if line.info else None
        return Graded(exercise, seed, results, traces, info, line.seconds, stands=True)

    def settle(self, snapshot: Snapshot, graded: Graded) -> None:
        """Its traces have been written; it need not be graded again."""
        student, slug, info = snapshot.student, graded.exercise.slug, graded.info
        line = Settled(
            student,
            slug,
            snapshot.sha256,
            graded.seed,
            self._under(graded.exercise, graded.seed),
            _digest(self._root / "traces" / student / slug),
            graded.seconds,
            (info.isolation, info.python, info.image) if info else None,
        )
        with store.blaming(self._root / FILE):
            self._file.write(msgspec.json.encode(line) + b"\n")
            os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()

    def _under(self, exercise: Exercise, seed: int) -> str:
        parts = [
            self._made_of,
            str(seed),
            exercise.script,
            exercise.driver or "",
            repr((exercise.meta.limits, exercise.meta.options)),
        ]
        parts += [f"{name} {hashlib.sha256(stub).hexdigest()}" for name, stub in exercise.stubs.items()]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _read(path: Path) -> dict[tuple[str, str], Settled]:
    """The newest line of each student's exercise. What is no line of ours says nothing."""
    found: dict[tuple[str, str], Settled] = {}
    for raw in path.read_bytes().splitlines():
        with contextlib.suppress(msgspec.MsgspecError):
            line = msgspec.json.decode(raw, type=Settled)
            found.pop((line.student, line.slug), None)
            found[line.student, line.slug] = line
    return found


def _digest(folder: Path) -> str:
    """Of the traces in a folder, names and contents; of none where there is no folder."""
    whole = hashlib.sha256()
    for path in sorted(folder.glob("*.jsonl")):
        whole.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def _lock(descriptor: int, root: Path) -> None:
    """Held until the file is closed, by whatever end of this process."""
    try:
        import fcntl
    except ImportError:  # Windows: two batches into one folder are not kept apart there
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        why = say("Another batch is writing into {path}: wait for it, or name another --out", path=str(root))
        raise UsageError(why) from None
