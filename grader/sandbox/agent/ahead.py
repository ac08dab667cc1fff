"""What is imported before the fork, so that a run need not load it again."""

from __future__ import annotations

import gc
import importlib
import re
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# Where the student's files or the driver name them.
PRELOAD = frozenset(
    "asyncio collections concurrent contextlib functools hashlib hmac io itertools json logging math multiprocessing "
    "os pathlib queue random re secrets select selectors signal socket socketserver struct sys tempfile threading "
    "time traceback typing uuid weakref".split()
)
# What these, and the agent's own `traceback`, load as late as they need it; nearly every run does.
LATE = {
    "multiprocessing": tuple(f"multiprocessing.{name}" for name in "connection popen_fork queues synchronize".split()),
    "socket": ("encodings.idna",),
    "": ("ast",),
}
IMPORTED = re.compile(r"^(?:import|from) (\w+)([\w.]*)", re.MULTILINE)


def import_ahead(driver: str, files: Iterable[bytes], inside: Iterable[str]) -> None:
    """files: the student's and ours, of which PRELOAD is taken. driver, inside: ours alone, of which all is taken."""
    words = set(re.findall(r"[a-z_]+", " ".join([driver, *(content.decode("latin-1") for content in files)])))
    late = [name for of, names in LATE.items() if of in words | {""} for name in names]
    ours = [top + rest for top, rest in IMPORTED.findall("\n".join([driver, *inside]))]
    ours = [name for name in ours if name.partition(".")[0] in sys.stdlib_module_names]
    for name in (*sorted(PRELOAD & words), *late, *ours):
        importlib.import_module(name)
    gc.freeze()  # what is loaded by now is never collected in a run, so its pages stay shared
