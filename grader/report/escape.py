"""Makes text that others wrote harmless for whoever reads it. Layer 3, pure.

A submission decides what its exceptions say and what it prints. Rule 1: nothing of that reaches a terminal, a report or
a log raw. Rule 2: what is dangerous or invisible is not dropped but shown as a Python escape (`\\x1b`, `\\u202e`), so
that the reader sees what was there. Rule 3: escaping twice gives the same as escaping once.

Dangerous or invisible is whatever `str.isprintable` denies (control, format, surrogate, private and unassigned
characters, all separators but the blank) and the printable characters that Unicode tells displays to leave out.
The one separator that stays is the blank of Chinese text, U+3000.
"""

import re

BLANKS = frozenset("\u3000")
HIDDEN = frozenset(
    map(
        chr,
        [
            *(0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),  # joiners and fillers
            *(*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)),  # variation selectors
        ],
    )
)

# What runners of CI obey in a log: ##[…] and ##vso[…] anywhere, ::name …:: at the beginning of a line.
LOG_COMMAND = re.compile(r"##(?=\w*\[)|::(?=[A-Za-z].*?::)", re.DOTALL)


def terminal(s: str, keep: str = "") -> str:
    """`s` for a terminal or a log; of the control characters only those in `keep` (a newline, a tab) stay."""
    if not s.isprintable() or not HIDDEN.isdisjoint(s):
        s = "".join(c if _shows(c) or c in keep else _escape(c) for c in s)
    return LOG_COMMAND.sub(lambda m: f"{m[0][0]}\\x{ord(m[0][1]):02x}", s)


def xml(s: str) -> str:
    """`s` in characters that XML 1.0 allows and a person sees; `<`, `&` and `]]>` are the XML writer's business."""
    return terminal(s, keep="\n\t")


def line(s: str, size: int) -> str:
    """`s` on one line of at most `size` characters, escaped; a very long `s` costs no more than a short one."""
    return clip(terminal(s[: size + 1]), size)


def clip(s: str, size: int) -> str:
    """The first `size` characters at most; one that was cut ends in `…`."""
    return s if len(s) <= size else s[: max(size - 1, 0)] + "…"[:size]


def _shows(c: str) -> bool:
    return (c.isprintable() and c not in HIDDEN) or c in BLANKS


def _escape(c: str) -> str:
    return c.encode("unicode_escape").decode("ascii")
