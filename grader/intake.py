"""From what a student hands in to a snapshot. Layer 4: the only code that touches it.

Rule 1: a submission is data. Nothing of it is imported, executed or written anywhere, no link is followed, and only a
    regular file that is a wanted module is ever opened: conftest.py, *.pth, .git and all else are names in a list.
Rule 2: a snapshot is taken once; what was hashed is what runs.
Rule 3: whatever is odd about a submission refuses that submission, with a reason. Only what the person at the keyboard
    can mend raises UsageError, and only a failing machine raises MachineError.

A file counts when its last two path parts are a slug and a module of that slug, whatever folders are around them
(`alice/framing/framing.py`, `homework/framing/framing.py`). Hidden folders, caches and virtual environments are not
looked into. In a folder only what is read counts towards the size: a video beside the exercises harms nobody.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from grader import archives
from grader.archives import Member, shown
from grader.errors import MachineError, SubmissionError, UsageError
from grader.model import Snapshot, say

MODULE = 1 * archives.MIB  # bytes of one module
IGNORED = 50  # names told of what was left out
STUDENT = re.compile(r"[\w.@-]{1,64}")
# rar and 7z cannot be read; they are submissions all the same, so that their students learn why they got nothing.
SUFFIXES = re.compile(r"(\.(zip|tar(\.(gz|bz2|xz))?|tgz|rar|7z))+$", re.IGNORECASE)
NOT_LOOKED_INTO = ("__pycache__", "__macosx")
NOT_A_SUBMISSION = ("__macosx", "thumbs.db", "desktop.ini")
VIRTUAL_ENVIRONMENT = "pyvenv.cfg"
MACHINE_TROUBLE = (errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE)

FOLDER, FILE, LINK, OTHER = "folder", "file", "link", "other"
Parts = tuple[str, ...]  # of a path within a submission; (slug, module) are the last two


@dataclass(frozen=True, slots=True)
class ClassList:
    """The submissions in a class folder as (student's id, path), sorted by id, and the names that are none."""

    students: tuple[tuple[str, Path], ...]
    left_out: tuple[str, ...]


def take(path: Path, modules: Mapping[str, tuple[str, ...]], student: str | None = None) -> Snapshot:
    """The snapshot of one submission, a folder or an archive.

    modules: slug → names of its module files. student: the id, by default from the path's name. The sha256 is over what
    was accepted, the same for a folder and an archive of it; where refused, over the archive's bytes as far as they
    were read (of a folder: none). Raises UsageError (nothing at this path, no valid id) and MachineError.
    """
    folder = _is_folder(path)
    student = _student_of(path.resolve().name, folder) if student is None else student
    if not _is_id(student):
        raise _bad_ids([student])
    wanted: set[Parts] = {(slug, module) for slug, names in modules.items() for module in names}
    archive = b""
    try:
        if folder:
            found, skipped = _walk(path, wanted)
        else:
            archive = _read(path, archives.ARCHIVE + 1)
            found, skipped = _visible(archives.members(archive))
        chosen, others = _choose(found, wanted)
        files = _contents(chosen)
    except SubmissionError as e:
        return Snapshot(student, {}, hashlib.sha256(archive).hexdigest(), refused=e.text)
    return Snapshot(student, files, _sha256(files), ignored=_ignored(skipped + others, wanted))


# --- a class -------------------------------------------------------------------------------------------------------


def students(class_dir: Path) -> ClassList:
    """The submissions in a class folder. Raises UsageError where it is none, or where ids are not valid and unique."""
    if not _is_folder(class_dir):
        raise UsageError(say("{path} is no folder: name the folder with the submissions", path=shown(str(class_dir))))
    found: list[tuple[str, Path]] = []
    left_out = []
    for name, path, kind in sorted(_class_listing(class_dir)):
        archive = kind == FILE and SUFFIXES.search(name)
        if _hidden(name, NOT_A_SUBMISSION) or not (kind == FOLDER or archive):
            left_out.append(shown(name))
        else:
            found.append((_student_of(name, kind == FOLDER), path))
    _must_be_a_class(class_dir, found)
    return ClassList(tuple(sorted(found)), tuple(left_out))


def _class_listing(class_dir: Path) -> list[tuple[str, Path, str]]:
    try:
        return _listing(class_dir)
    except SubmissionError as e:
        raise UsageError(e.text) from e


def _must_be_a_class(class_dir: Path, found: list[tuple[str, Path]]) -> None:
    if not found:
        raise UsageError(
            say("{path} holds no submissions: one folder, zip or tar for each student", path=shown(str(class_dir)))
        )
    if bad := [path.name for student, path in found if not _is_id(student)]:
        raise _bad_ids(bad)
    same = defaultdict(list)
    for student, path in found:
        same[student.casefold()].append(shown(path.name))  # results are files, and some disks fold case
    if twice := [", ".join(names) for names in same.values() if len(names) > 1]:
        raise UsageError(
            say("these are submissions of one and the same student, keep one: {names}", names="; ".join(twice))
        )


def _bad_ids(names: Iterable[str]) -> UsageError:
    return UsageError(
        say(
            "a student's id has 1 to 64 letters, digits or _ . @ - and no spaces; rename: {names}",
            names=", ".join(map(shown, names)),
        )
    )


def _is_folder(path: Path) -> bool:
    """Raises UsageError where the path leads to nothing."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError) as e:
        why = e.strerror if isinstance(e, OSError) else str(e)
        raise UsageError(say("{path} cannot be found: {error}", path=shown(str(path)), error=why)) from e


def _student_of(name: str, folder: bool) -> str:
    return unicodedata.normalize("NFC", name if folder else SUFFIXES.sub("", name))


def _is_id(student: str) -> bool:
    return STUDENT.fullmatch(student) is not None and student not in (".", "..")


# --- finding the files ---------------------------------------------------------------------------------------------


def _walk(root: Path, wanted: set[Parts]) -> tuple[list[Member], list[Parts]]:
    """Every regular file in a folder, and the names of all else."""
    found: list[Member] = []
    skipped: list[Parts] = []
    waiting: list[tuple[Parts, Path]] = [((), root)]
    count = 0
    while waiting:
        parts, folder = waiting.pop()
        if len(parts) > archives.DEPTH:
            raise archives.too_deep("/".join(parts))
        listing = _listing(folder, archives.ENTRIES + 1)
        if parts and any(name == VIRTUAL_ENVIRONMENT and kind == FILE for name, _, kind in listing):
            skipped.append((*parts, ""))
            continue
        count += len(listing)
        if count > archives.ENTRIES:
            raise archives.too_many()
        for name, path, kind in listing:
            here = (*parts, name)
            if kind == FILE and not _hidden(name):
                found.append(Member(here, partial(_read, path)))
            elif kind == FOLDER and not _hidden(name):
                waiting.append((here, path))
            else:
                _must_not_be_wanted(here, kind, wanted)
                skipped.append(here)
    return found, skipped


def _must_not_be_wanted(parts: Parts, kind: str, wanted: set[Parts]) -> None:
    """Refuses a link or a device where a module or an exercise's folder belongs."""
    if parts[-2:] in wanted or any(parts[-1] == slug for slug, _ in wanted):
        raise (archives.is_link if kind == LINK else archives.is_special)("/".join(parts))


def _visible(found: Iterable[Member]) -> tuple[list[Member], list[Parts]]:
    """An archive's files, without those in places that we would not look into in a folder."""
    visible, skipped = [], []
    for member in found:
        hidden = next((i for i, part in enumerate(member.parts, 1) if _hidden(part)), None)
        if hidden:
            skipped.append(member.parts[:hidden])
        else:
            visible.append(member)
    return visible, skipped


def _hidden(name: str, others: tuple[str, ...] = NOT_LOOKED_INTO) -> bool:
    return name.startswith(".") or name.lower() in others


def _choose(found: Iterable[Member], wanted: set[Parts]) -> tuple[dict[Parts, Member], list[Parts]]:
    """For each wanted module the file with the shortest path, and the names of all other files."""
    chosen: dict[Parts, Member] = {}
    others = []
    for member in sorted(found, key=lambda m: (len(m.parts), m.parts)):
        key = member.parts[-2:]
        first = chosen.setdefault(key, member) if key in wanted else None
        if first is member:
            continue
        if first and len(first.parts) == len(member.parts):
            raise SubmissionError(
                say("{first} and {second} are the same module: keep one", first=str(first), second=str(member))
            )
        others.append(member.parts)
    return chosen, others


def _ignored(names: Iterable[Parts], wanted: set[Parts]) -> tuple[str, ...]:
    """What to tell of the names left out, first those that may be meant: Framing.py, or a module out of place."""
    modules = {_folded(module) for _, module in wanted}
    ordered = sorted(set(names), key=lambda parts: (_folded(parts[-1]) not in modules, parts))
    return tuple(shown("/".join(parts)) for parts in ordered[:IGNORED])


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


# --- reading them --------------------------------------------------------------------------------------------------


def _contents(chosen: Mapping[Parts, Member]) -> dict[str, dict[str, bytes]]:
    files: dict[str, dict[str, bytes]] = {}
    total = 0
    for (slug, module), member in sorted(chosen.items()):
        source = member.read(MODULE + 1)
        if len(source) > MODULE:
            raise SubmissionError(
                say("{name} is larger than {limit} MiB", name=str(member), limit=MODULE // archives.MIB)
            )
        total += len(source)
        if total > archives.UNPACKED:
            raise archives.too_large()
        files.setdefault(slug, {})[module] = source
    return files


def _sha256(files: Mapping[str, Mapping[str, bytes]]) -> str:
    """Each field with its length before it, so that no two contents are written alike."""
    digest = hashlib.sha256()
    for slug, modules in sorted(files.items()):
        for module, source in sorted(modules.items()):
            for field in (slug.encode(), module.encode(), source):
                digest.update(len(field).to_bytes(8, "big") + field)
    return digest.hexdigest()


def _listing(folder: Path, limit: int | None = None) -> list[tuple[str, Path, str]]:
    """The first `limit` entries of a folder as (name, path, kind), in no order."""
    with _reading(folder), os.scandir(folder) as entries:
        return [(e.name, folder / e.name, _kind(e)) for e in islice(entries, limit)]


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return LINK
    if entry.is_dir(follow_symlinks=False):
        return FOLDER
    return FILE if entry.is_file(follow_symlinks=False) else OTHER


def _read(path: Path, size: int) -> bytes:
    """The first `size` bytes of a regular file."""
    with _reading(path), open(path, "rb", opener=_open_regular) as f:
        return f.read(size)


def _open_regular(path: str, flags: int) -> int:
    """Opens without following a link or waiting for a pipe's writer, should the file have become one since listed."""
    handle = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise archives.is_special(Path(path).name)
    return handle


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as e:
        why = say("{name} cannot be read: {error}", name=shown(path.name), error=e.strerror or type(e).__name__)
        raise (MachineError if e.errno in MACHINE_TROUBLE else SubmissionError)(why) from e
