"""The kill matrix: one character per check, each telling one verdict from all others."""

from __future__ import annotations

from grader.commands.matrix import cells
from grader.model import Verdict


def test_a_row_tells_every_verdict_apart() -> None:
    ids = ["x.a", "x.b", "x.c", "x.d", "x.e", "x.f"]
    verdicts = {
        "x.a": Verdict.PASS,
        "x.b": Verdict.FAIL,
        "x.c": Verdict.FAIL,
        "x.d": Verdict.BLOCKED,
        "x.e": Verdict.UNDECIDED,
    }
    assert cells(ids, ["x.b"], verdicts) == "·✘x-? "
