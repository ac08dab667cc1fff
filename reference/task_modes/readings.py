"""How the checks of `task_modes` read a trace.

Rule: where a task ran, and how many processes there were, is the record's word (grader/analysis/lifecycle.py). Which
tasks waited at the same time is our own: a task waits from its call until we let it go.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import NoReturn

from grader.analysis.lifecycle import Life, Place, Record, arrivals, place, record, stands
from grader.analysis.outcomes import Outcome, outcomes_of
from grader.checks import fail
from grader.model import Arrived, Imported, Measured, Released, Text, Trace, say

RUN, MAIN = "a", "main"
RESULT = "result of "


def recorded(trace: Trace) -> Record:
    """The record, without what the module had started by itself when it was imported: one check is about that."""
    found, imported = record(trace, RUN), trace.first(Imported, run=RUN)
    since = imported.at if imported else 0.0
    return replace(found, lives=tuple(life for life in found.lives if life.born > since))


def due(trace: Trace) -> dict[str, int]:
    """Task → the result that it was given, in the order of the tasks."""
    return {e.what.removeprefix(RESULT): int(e.value) for e in trace.of(Measured) if e.what.startswith(RESULT)}


def together(trace: Trace) -> Iterator[tuple[str, ...]]:
    """Each time a task called: all those that were waiting for us then, itself the last."""
    waiting: list[str] = []
    for e in trace.events:
        if isinstance(e, Arrived) and e.job != MAIN:
            waiting.append(e.job)
            yield tuple(waiting)
        elif isinstance(e, Released) and e.job in waiting:
            waiting.remove(e.job)


def most_together(trace: Trace) -> int:
    return max(map(len, together(trace)), default=0)


def places(trace: Trace) -> dict[str, Place]:
    """Task → where it ran."""
    found = recorded(trace)
    return {job: place(found, e) for job, e in arrivals(trace, RUN).items() if job != MAIN}


def hosts(trace: Trace) -> tuple[Life, ...]:
    """The processes in which tasks ran."""
    pids = {e.pid for job, e in arrivals(trace, RUN).items() if job != MAIN}
    return tuple(life for life in recorded(trace).lives if life.pid in pids)


def call_of(trace: Trace, function: str, expected: Text, mistake: str | None = None) -> Outcome:
    """What became of the one call; fails where it did not come back. mistake: where it stands still."""
    found = outcomes_of(trace, RUN, function)
    if found:
        return found[0]
    return did_not_come_back(trace, expected, mistake)


def did_not_come_back(trace: Trace, expected: Text, mistake: str | None = None) -> NoReturn:
    still = stands(trace, RUN)
    fail(expected, still.text, mistake if still.quiet else None, still.where)


def results(trace: Trace, function: str) -> Text:
    """The results came back in the order of the tasks."""
    numbers = list(due(trace).values())
    expected = Text("{numbers}", {"numbers": repr(numbers)})
    outcome = call_of(trace, function, expected)
    if outcome.raised or outcome.value is None:
        fail(expected, outcome.text, None, outcome.where)
    try:
        got = ast.literal_eval(outcome.value.shown)
    except (ValueError, SyntaxError):
        got = None
    if got != numbers:
        fail(expected, outcome.text, _why(got, numbers))
    return say("{n} results, in the order of the tasks", n=len(numbers))


def _why(got: object, numbers: list[int]) -> str | None:
    if got == tuple(numbers):
        return "returns-no-list"
    if got is None or got == [None] * len(numbers):
        return "results-lost"
    return (
        "order-of-ending"
        if isinstance(got, list | tuple) and sorted(map(str, got)) == sorted(map(str, numbers))
        else None
    )


def raises(trace: Trace, function: str, *, same: bool) -> Text:
    """What a task raised left the call. same: as that exception, and not as any other."""
    expected = say("the exception that the second task raises: {error}", error="jobs.Failed")
    outcome = call_of(trace, function, expected, "failure-not-seen")
    if outcome.raised is None or (same and not outcome.is_a("ValueError")):
        fail(expected, outcome.text, "failure-swallowed" if outcome.raised is None else None, outcome.where)
    return outcome.text
