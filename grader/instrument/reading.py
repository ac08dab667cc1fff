"""Files of /proc, read without what pathlib and io cost: some of them are read many times a second."""

from __future__ import annotations

import os
from pathlib import Path


def slurp(path: str) -> bytes:
    """A whole file; empty where there is none."""
    content = b""
    try:
        fd = os.open(path, os.O_RDONLY)
    except OSError:
        return content
    try:
        while piece := os.read(fd, 1 << 16):
            content += piece
    except OSError:  # what it tells of is gone
        return b""
    finally:
        os.close(fd)
    return content


def threads_of(root: Path, pid: int) -> list[int]:
    """Those of a process; none where it is gone."""
    try:
        return sorted(map(int, os.listdir(f"{root}/{pid}/task")))  # noqa: PTH208  # twice as fast
    except OSError:
        return []


def children(root: Path, pid: int) -> set[int]:
    """The children that the threads of a process have. Empty where the kernel does not list them.

    One may be left out in a look during which another is buried (proc(5)).
    """
    lists = [slurp(f"{root}/{pid}/task/{tid}/children") for tid in threads_of(root, pid)]
    return {int(child) for each in lists for child in each.split()}
