"""Files that survive a crash, and whose fault it is when they cannot be written. Layer 7.

Rule 1: a JSON file is written beside its place, put on the disk and then moved there: whoever reads it, at whatever
moment, finds the old one or the new one, whole. Rule 2: traces are evidence, and are written before the record that
names them; they do not wait for the disk one by one. Rule 3: we write into folders that a submission may have filled,
so nothing is ever written through a link. Rule 4: a folder without permission is for the person at the keyboard to mend
(UsageError); a full or failing disk is the machine's trouble (MachineError). Both name the path.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.codec import dump, load
from grader.errors import MachineError, UsageError
from grader.judge import RETRY
from grader.model import Trace, say
from grader.report.record import Record, to_json, trace_name

ROOM = 16 * 1024 * 1024  # bytes that must be free before anything is graded
MACHINE_TROUBLE = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EIO, errno.ENOMEM, errno.EMFILE)


def ready(folder: Path, room: int = ROOM) -> None:
    """Makes a folder, where it is missing, and shows that it can be written. Raises UsageError or MachineError."""
    make(folder)
    with blaming(folder):
        free = shutil.disk_usage(folder).free
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"probe")
    if free < room:
        raise MachineError(
            say(
                "{path}: only {free} MiB are free on this disk, {room} MiB are needed",
                path=str(folder),
                free=free >> 20,
                room=room >> 20,
            )
        )


def make(folder: Path) -> None:
    """A folder that is one, not a link to one."""
    with blaming(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if folder.is_symlink():
        raise UsageError(say("{path} is a link; nothing is written through it", path=str(folder)))


def write_json(path: Path, data: Record) -> None:
    """A record, whole, or not at all; on the disk when this returns."""
    with blaming(path):
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as f:
                f.write(to_json(data).encode())
                f.flush()
                os.fsync(f.fileno())
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Windows opens no folders, some network disks sync none
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# --- traces --------------------------------------------------------------------------------------------------------


def write_traces(root: Path, slug: str, traces: Mapping[str, Trace]) -> None:
    """Puts an exercise's traces into root/slug, in the place of those that lay there."""
    folder = root / slug
    if not traces and not folder.exists():
        return
    make(folder)
    with blaming(folder):
        for old in folder.glob("*.jsonl"):
            old.unlink()
        for key, trace in traces.items():
            with (root / trace_name(slug, key)).open("x", encoding="utf-8", newline="\n") as f:
                f.write(dump(trace))


def read_traces(root: Path, slug: str) -> dict[str, Trace]:
    """The traces in root/slug as `write_traces` was given them. Raises ValueError or OSError."""
    traces = {}
    for path in sorted((root / slug).glob("*.jsonl")):
        with path.open(encoding="utf-8") as f:
            trace = load(f)
        traces[trace.case + (RETRY if path.stem.endswith(RETRY) else "")] = trace
    return traces


@contextlib.contextmanager
def blaming(path: Path) -> Iterator[None]:
    """Turns the system's refusal to write at `path` into the error that says who can mend it."""
    try:
        yield
    except OSError as e:
        why = say("{path} cannot be written: {error}", path=str(path), error=e.strerror or type(e).__name__)
        raise (MachineError if e.errno in MACHINE_TROUBLE else UsageError)(why) from e
