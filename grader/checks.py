"""The vocabulary that an exercise's checks.py is written in. Layer 1, pure.

A check is a function over one trace, marked with `@check`. It returns the evidence for a PASS as a Text, or calls
`fail(…)`. Rule 1: a check that returns nothing has seen nothing: UNDECIDED, never PASS. Rule 2: a check states its
requirement in one sentence. Rule 3: where the mistake can be told from the trace, the failure names it.

    @check("recv.one", points=1, requirement=say("recv_message returns the text of one frame"))
    def recv_one(trace: Trace) -> Text:
        ...
        return say("{n} of {n} frames came back whole", n=3)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import NoReturn

from grader.model import Frame, Mistake, Severity, Text, Trace, say

Judge = Callable[[Trace], Text]

MUST, SHOULD, BONUS = Severity.MUST, Severity.SHOULD, Severity.BONUS


@dataclass(frozen=True, slots=True)
class Check:
    """A requirement and the pure function that decides it. `needs` and `case` are names within the exercise."""

    id: str
    judge: Judge
    points: float
    requirement: Text
    severity: Severity = MUST
    case: str = ""
    needs: tuple[str, ...] = ()


class Violation(Exception):
    """Raised by a check to mean FAIL."""

    def __init__(self, expected: Text, actual: Text, mistake: str | None, where: str | None) -> None:
        super().__init__(str(actual))
        self.expected, self.actual, self.mistake, self.where = expected, actual, mistake, where


def fail(expected: Text, actual: Text, mistake: str | None = None, where: Frame | str | None = None) -> NoReturn:
    """The requirement is violated: what was expected, what was seen instead, which known mistake that is."""
    raise Violation(expected, actual, mistake, str(where) if where else None)


class Unclear(Exception):
    """Raised by a check when the trace cannot tell, for a reason that is not the student's: UNDECIDED."""

    def __init__(self, reason: Text) -> None:
        super().__init__(str(reason))
        self.reason = reason


def check(
    name: str,
    *,
    points: float,
    requirement: Text,
    severity: Severity = MUST,
    case: str | None = None,
    needs: tuple[str, ...] = (),
) -> Callable[[Judge], Judge]:
    """Marks a function as a check. `name` is "group.what"; it reads the case of that name unless told another."""

    def mark(judge: Judge) -> Judge:
        judge.check = Check(name, judge, points, requirement, severity, case or name, needs)  # type: ignore[attr-defined]  # a mark on the function is what lets the catalogue find checks by looking
        return judge

    return mark


def checks_of(module: ModuleType, slug: str) -> tuple[Check, ...]:
    """The checks of a loaded checks.py in the order in which they are written, ids and needs made whole."""
    found = [c for c in (getattr(f, "check", None) for f in vars(module).values()) if isinstance(c, Check)]
    return tuple(replace(c, id=f"{slug}.{c.id}", needs=tuple(f"{slug}.{n}" for n in c.needs)) for c in found)


def mistakes_of(module: ModuleType) -> dict[str, Mistake]:
    """The known mistakes that a checks.py declares as MISTAKES = (mistake(…), …)."""
    return {m.code: m for m in getattr(module, "MISTAKES", ())}


def mistake(code: str, sentence: Text, hint: Text, wrong: str = "") -> Mistake:
    return Mistake(code, sentence, hint, wrong)


__all__ = [
    "BONUS",
    "MUST",
    "SHOULD",
    "Check",
    "Unclear",
    "Violation",
    "check",
    "checks_of",
    "fail",
    "mistake",
    "mistakes_of",
    "say",
]
