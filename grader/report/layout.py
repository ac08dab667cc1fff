"""Lines for a terminal of any width and encoding. Layer 3, pure.

Widths are terminal cells: a Chinese character takes two. Rich wraps at blanks only, which tears Chinese sentences, so
the wrapping is here: a line may end after any ideograph, but no line begins with closing punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress

from rich.cells import cell_len, chop_cells
from rich.text import Text as Line

# What an output that cannot show a sign gets instead.
PLAIN = {
    "✔": "+",
    "✘": "x",
    "–": "-",
    "—": "--",
    "…": "...",
    "→": "->",
    "←": "<-",
    "·": "-",
    "│": "|",
    "─": "-",
    "├": "+",
    "┤": "+",
    "░": "~",
    "▼": "v",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "×": "x",
    "≤": "<=",
    "≥": ">=",
}

_WIDE = "\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_OPEN = "\uff08“‘「『《〈【"
_CLOSE = "\uff0c\uff1b\uff1a\uff1f\uff01\uff09。、”’」』》〉】…"
# What stays together: an ideograph with its punctuation, or a word.
UNIT = re.compile(rf"[({_OPEN}]*(?:[{_WIDE}][,;:?!)]*|[^\s{_WIDE}{_OPEN}{_CLOSE}]+)?[{_CLOSE}]*\s*")


def fit(s: str, encoding: str) -> str:
    """`s` in characters that `encoding` has: a plainer sign where we know one, else a Python escape."""
    try:
        s.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_plainer(c, encoding) for c in s)
    return s


def wrap(s: str, width: int) -> list[str]:
    """Lines of at most `width` cells (one character at least); what breaks a line is dropped if it is blank."""
    return [line for part in s.split("\n") for line in _wrap(part, max(width, 2))]


def pad(s: str, width: int, right: bool = False) -> str:
    """`s` filled with blanks to `width` cells."""
    blanks = " " * max(width - cell_len(s), 0)
    return blanks + s if right else s + blanks


def widest(strings: Iterable[str]) -> int:
    return max(map(cell_len, strings), default=0)


def apart(left: str, right: str, width: int) -> list[str]:
    """`left` in a column at the left, `right` beside its first line; below it where that would leave no column."""
    if not right:
        return wrap(left, width)
    column = width - cell_len(right) - 2
    if column < width // 2:
        return [*wrap(left, width), *(pad(line, width, right=True) for line in wrap(right, width))]
    first, *rest = wrap(left, column)
    return [pad(first, column + 2) + right, *rest]


def one_line(s: str, width: int) -> str:
    """The beginning of `s`, ending in `…` where it was cut."""
    flat = " ".join(s.split())
    return flat if cell_len(flat) <= width else chop_cells(flat, max(width - 1, 1))[0] + "…"


def _wrap(s: str, width: int) -> list[str]:
    lines, line = [], ""
    for unit in UNIT.findall(s):
        if cell_len(line) + cell_len(unit.rstrip()) <= width:
            line += unit
            continue
        if line.strip():
            lines.append(line.rstrip())
        *full, line = chop_cells(unit.lstrip(), width) or [""]
        lines += full
    return [*lines, line.rstrip()]


def _plainer(c: str, encoding: str) -> str:
    for candidate in (c, PLAIN.get(c, c)):
        with suppress(UnicodeEncodeError):
            return candidate.encode(encoding).decode(encoding)
    return c.encode("ascii", "backslashreplace").decode("ascii")


__all__ = ["Line", "apart", "cell_len", "fit", "one_line", "pad", "widest", "wrap"]
