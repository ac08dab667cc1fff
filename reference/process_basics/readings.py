"""How the checks of `process_basics` read a trace.

Rule: which process is whose child, when it lived and what ended it is the record's word (grader/analysis/lifecycle.py);
what a job says of itself only tells which of those processes is meant.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any, NoReturn

from grader.analysis.lifecycle import Life, Record, record, stands
from grader.analysis.outcomes import Outcome, outcomes_of
from grader.checks import Unclear, fail
from grader.model import Imported, Raised, Returned, Text, Trace, Value, say

RUN = "a"


def recorded(trace: Trace) -> Record:
    """The record, without what the module had started by itself when it was imported: one check is about that."""
    found, imported = record(trace, RUN), trace.first(Imported, run=RUN)
    since = imported.at if imported else 0.0
    return replace(found, lives=tuple(life for life in found.lives if life.born > since))


def answer(trace: Trace, name: str, expected: Text) -> Outcome:
    """What became of the one call of that name; fails where it raised, or where it did not come back."""
    found = outcomes_of(trace, RUN, name)
    if not found:
        did_not_come_back(trace, expected)
    if found[0].raised:
        fail(expected, found[0].text, None, found[0].where)
    return found[0]


def did_not_come_back(trace: Trace, expected: Text, mistake: str | None = None) -> NoReturn:
    """The call of a case is not over."""
    raised = trace.first(Raised, run=RUN)
    if raised:
        fail(expected, Outcome(raised=raised).text, None, raised.frames[-1] if raised.frames else None)
    still = stands(trace, RUN)
    fail(expected, still.text, mistake if still.quiet else None, still.where)


def over_at(trace: Trace, name: str) -> float:
    """The moment at which the call of that name returned."""
    calls = {c.call for c in trace.events if getattr(c, "name", "") == name and hasattr(c, "call")}
    for e in trace.of(Returned, run=RUN):
        if e.call in calls:
            return e.at
    raise Unclear(say("the call did not return"))


def literal(value: Value | None) -> Any:
    """A short value as Python had it; None where it cannot be read back."""
    try:
        return ast.literal_eval(value.shown) if value else None
    except (ValueError, SyntaxError):
        return None


def ending(life: Life) -> Text:
    """What ended a process."""
    if life.signal:
        return say("ended by {signal}", signal=life.signal)
    return say("ended with exit code {code}", code=life.code) if life.code is not None else say("did not end")
