"""The folders that are there for runs to write in: how they look before a run, and what lies in them after it.

Rule: what lies there is the student's. Links are told of and never followed, pipes are never waited for, and of much
only so much is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat

from .kernel import listed
from .lines import KEEP, SHOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .lines import Message

INSIDE = ".grader"  # the folder, beside the student's files, of the modules that drivers share
LISTED = 500  # so many files are told of
HASHED = 256 * 1024 * 1024  # and the digests of so many bytes in all
KINDS = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: "link"}


def freshen(folders: list[str], files: dict[str, bytes]) -> None:
    """The folders as before the first run, `files` in the first: what one run leaves must not reach the next."""
    for folder in folders:
        clear(folder)
    for name, content in files.items():
        path = os.path.join(folders[0], name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content)


def clear(folder: str) -> None:
    """Removes all that a folder holds, as far as it can be removed."""
    with contextlib.suppress(OSError, RecursionError):
        for entry in list(os.scandir(folder)):
            with contextlib.suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    os.chmod(entry.path, 0o700)
                    clear(entry.path)
                    os.rmdir(entry.path)
                else:
                    os.unlink(entry.path)


def found_in(folders: list[str]) -> Message:
    """What lies in these folders, and whether that is all of it. Links are told of, not followed."""
    found: list[Message] = []
    left, own = HASHED, folders[0]
    inside = os.path.join(own, INSIDE)
    paths = [path for path in paths_below(folders) if not path.startswith(inside)]
    for path in paths[:LISTED]:
        with contextlib.suppress(OSError):
            told = describe_file(path, left)
            left -= told["size"] if "digest" in told else 0
            found.append({"path": path.removeprefix(own + os.sep), **told})
    return {"folder": own, "files": found, "whole": len(paths) <= LISTED}


def paths_below(folders: list[str]) -> list[str]:
    """Everything in these folders and in the folders in them; not much more than LISTED of it."""
    found: list[str] = []
    while folders and len(found) <= LISTED:
        paths = [os.path.join(folders[0], name) for name in sorted(listed(folders[0]))]
        folders = [*folders[1:], *(p for p in paths if os.path.isdir(p) and not os.path.islink(p))]
        found += paths
    return found


def describe_file(path: str, most: int) -> Message:
    """Of a regular file of at most `most` bytes also the digest, as far as it can be read."""
    status = os.lstat(path)
    kind = KINDS.get(stat.S_IFMT(status.st_mode), "other")
    message: Message = {"kind": kind, "size": status.st_size if kind == "file" else 0}
    if kind == "link":
        message["target"] = os.readlink(path)
    if kind == "file" and status.st_size <= most:
        with contextlib.suppress(OSError), open(path, "rb", opener=open_at_once) as f:
            message["head"] = f.read(SHOWN).hex()
            f.seek(0)
            message["digest"] = hashlib.file_digest(f, "sha256").hexdigest()
    return message


def open_at_once(path: str, flags: int) -> int:
    """Whatever has come in the file's place meanwhile, a link or a pipe: neither followed nor waited for."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def content_of(path: str) -> Message:
    """What is in a file, as far as it is one: its size and the beginning. size -1: there is none."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return {"size": -1, "text": ""}
    with open(fd, "rb") as f:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            return {"size": -1, "text": ""}
        return {"size": os.fstat(fd).st_size, "text": f.read(KEEP).decode("utf-8", "backslashreplace")}
