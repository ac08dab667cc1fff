"""What a person reads on a terminal, of what a program prints there. Layer 1, pure."""

from __future__ import annotations

import re

ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # bells, carriage returns, the marks of line editors


def readable(printed: str) -> str:
    """Without colours and other escape sequences, and without control characters that are not seen."""
    return UNSEEN.sub("", ESCAPE.sub("", printed))


def whole_lines(printed: str) -> list[str]:
    """The lines that have come to their end, as a person reads them."""
    return [readable(line) for line in printed.split("\n")[:-1]]
