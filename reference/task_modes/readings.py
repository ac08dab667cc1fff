"""How the checks of `task_modes` read a trace, beyond what grader/analysis/children.py reads.

Which tasks wait at the same time is our own word: a task waits from its call until we let it go.
"""

from __future__ import annotations

from collections.abc import Iterator

from grader.analysis.children import WHERE, Call, literal
from grader.analysis.lifecycle import Life, Place, place
from grader.analysis.outcomes import Outcome
from grader.checks import fail
from grader.model import Arrived, Measured, Released, Text, Trace, say

MAIN = "main"
RESULT = "result of "


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


def places(call: Call) -> dict[str, Place]:
    """Task → where it ran."""
    found = call.record
    return {job: place(found, e) for job, e in call.jobs.items() if job != MAIN}


def hosts(call: Call) -> tuple[Life, ...]:
    """The processes in which tasks ran."""
    pids = {e.pid for job, e in call.jobs.items() if job != MAIN}
    return tuple(life for life in call.record.lives if life.pid in pids)


def in_other_processes(call: Call, expected: Text) -> None:
    """No task ran in the main process."""
    where = places(call).values()
    for wrong in ("thread", "main"):
        if wrong in where:
            fail(expected, *WHERE[wrong])


def ran(call: Call, expected: Text) -> None:
    """At least one task ran."""
    if not places(call):
        call.answer(expected)
        fail(expected, say("no task ran"))


def results(call: Call) -> Text:
    """The results came back in the order of the tasks."""
    numbers = list(due(call.trace).values())
    expected = Text("{numbers}", {"numbers": repr(numbers)})
    value = call.answer(expected)
    got = literal(value)
    if got != numbers:
        fail(expected, say("it returned {value}", value=value.shown), _why(got, numbers))
    return say("{n} results, in the order of the tasks", n=len(numbers))


def _why(got: object, numbers: list[int]) -> str | None:
    if got == tuple(numbers):
        return "returns-no-list"
    if got is None or got == [None] * len(numbers):
        return "results-lost"
    if not isinstance(got, list | tuple):
        return None
    if list(got) == [number for number in numbers if number]:
        return "falsy-dropped"
    texts, due_texts = list(map(str, got)), list(map(str, numbers))
    if texts == due_texts:
        return "results-changed"
    return "order-of-ending" if sorted(texts) == sorted(due_texts) else None


def raises(call: Call, *, same: bool) -> Text:
    """What a task raised left the call. same: as that exception, and not as any other."""
    expected = say("the exception that the second task raises: {error}", error="jobs.Failed")
    if not call.outcomes:
        call.did_not_return(expected, "failure-not-seen")
    outcome: Outcome = call.outcomes[0]
    if outcome.raised is None or (same and not outcome.is_a("ValueError")):
        fail(expected, outcome.text, "failure-swallowed" if outcome.raised is None else None, outcome.where)
    return outcome.text
