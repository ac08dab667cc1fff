"""The checks of evaluate."""

from __future__ import annotations

import math
from collections.abc import Iterator

from grader.analysis.children import literal
from grader.analysis.outcomes import Outcome, outcomes, standstill
from grader.checks import SHOULD, check, fail
from grader.model import Exited, Kept, Marked, Text, Told, Trace, say

RUN = "a"
CRASHES = ("RecursionError", "MemoryError", "SystemError")


def expressions(trace: Trace) -> Iterator[tuple[str, Outcome]]:
    """What was asked, and what became of it; fails at the first that did not come back."""
    got = outcomes(trace, RUN)
    for i, mark in enumerate(trace.of(Marked)):
        if i >= len(got):
            expected = say("evaluate comes back from {expression}", expression=short(mark.label))
            ended = trace.first(Exited, run=RUN)
            crashed = ended is not None and ended.signal is not None
            still = standstill(trace, RUN)
            fail(expected, still.text, "crashes-when-deep" if crashed else None, still.where)
        yield mark.label, got[i]


def short(expression: str) -> str:
    return repr(expression) if len(expression) <= 40 else f"{expression[:20]!r}… ({len(expression)})"


def _values(trace: Trace, likely: str | None) -> Text:
    told = [literal(t.value) for t in trace.of(Told)]
    for (expression, outcome), due in zip(expressions(trace), told, strict=True):
        expected = say("{value} for {expression}", value=repr(due), expression=short(expression))
        got = literal(outcome.value) if outcome.value else None
        if not isinstance(got, int | float) or not math.isclose(got, due, rel_tol=1e-9, abs_tol=1e-12):
            fail(expected, outcome.text, _why_wrong(expression, outcome, got, due) or likely, outcome.where)
    return say("{n} expressions had the value that is due", n=len(told))


def _why_wrong(expression: str, outcome: Outcome, got: object, due: float) -> str | None:
    if outcome.is_a(*CRASHES):
        return "crashes-when-deep"
    if outcome.raised:
        if outcome.is_a("NameError", "AttributeError", "TypeError"):
            return None
        if any(map(str.isspace, expression)):
            return "refuses-blanks"
        return "unary-minus" if "-" in expression else "literal-only"
    if outcome.value and outcome.value.kind in ("str", "none"):
        return "returns-no-number"
    return "floor-division" if isinstance(got, int) and "/" in expression and got == math.floor(due) else "precedence"


@check(
    "evaluate.values",
    points=2,
    requirement=say("evaluate gives the value: precedence, brackets, unary minus, division, decimals, blanks"),
)
def values(trace: Trace) -> Text:
    return _values(trace, None)


@check(
    "evaluate.long",
    points=1,
    needs=("evaluate.values",),
    requirement=say("expressions of 1,000 characters, and brackets 50 deep, are no problem"),
)
def long(trace: Trace) -> Text:
    return _values(trace, "crashes-when-deep")


@check(
    "evaluate.zero",
    points=1,
    needs=("evaluate.values",),
    requirement=say("a division by zero is a ZeroDivisionError"),
)
def zero(trace: Trace) -> Text:
    for expression, outcome in expressions(trace):
        if not outcome.is_a("ZeroDivisionError"):
            expected = say("ZeroDivisionError for {expression}", expression=short(expression))
            fail(expected, outcome.text, "zero-hidden", outcome.where)
    return say("ZeroDivisionError each time")


@check(
    "evaluate.bad",
    points=1.5,
    needs=("evaluate.values",),
    requirement=say("whatever is no such expression is a ValueError"),
)
def bad(trace: Trace) -> Text:
    return _refused(trace)


def _refused(trace: Trace) -> Text:
    for expression, outcome in expressions(trace):
        if not outcome.is_a("ValueError"):
            expected = say("ValueError for {expression}", expression=short(expression))
            fail(expected, outcome.text, "other-error" if outcome.raised else "takes-too-much", outcome.where)
    return say("{n} of {n} were refused with a ValueError", n=len(trace.of(Marked)))


@check(
    "evaluate.hostile",
    points=2,
    requirement=say("an expression that is code is never run: each is a ValueError, and nothing happens"),
)
def hostile(trace: Trace) -> Text:
    kept = trace.last(Kept, run=RUN)
    if kept and kept.size >= 0:
        actual = say("the code in it was run: it made a file")
        fail(say("no expression is executed"), actual, "eval-runs-code")
    return _refused(trace)


@check(
    "evaluate.deep",
    points=0.5,
    severity=SHOULD,
    needs=("evaluate.bad", "evaluate.long"),
    requirement=say("far beyond that the value comes, or a ValueError, and never a crash"),
)
def deep(trace: Trace) -> Text:
    for expression, outcome in expressions(trace):
        if outcome.raised and not outcome.is_a("ValueError"):
            expected = say("the value or ValueError for {expression}", expression=short(expression))
            fail(expected, outcome.text, "crashes-when-deep", outcome.where)
    return say("no crash for expressions a hundred thousand deep or long")
