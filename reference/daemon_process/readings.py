"""How the checks of `daemon_process` read a trace, beyond what grader/analysis/children.py reads.

What the work has seen is the student's side's word: the lines are the answer that the exercise asks for, and whether a
process is a daemon is what its own code says of it. What became of the processes is the record's word.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from grader.analysis.children import Call
from grader.analysis.lifecycle import Life, place
from grader.checks import fail
from grader.model import Text, Trace, say


@dataclass(frozen=True, slots=True)
class Seen:
    """lines: right ones. wrong: the first that is not. rest: what stands after the last newline. older: what stood in
    the file before is still there. intervals: that had passed. idle: as many of these ended with every child asleep.
    held: one had the file open. children: pid → daemon."""

    lines: int
    wrong: str | None
    rest: str
    older: bool
    intervals: float
    idle: int
    held: bool
    children: dict[int, bool]


def running(trace: Trace) -> Call:
    return Call(trace, "run")


def beside(trace: Trace) -> Call:
    return Call(trace, "run_with_sibling")


def seen(call: Call, expected: Text) -> Seen:
    """What the work has seen; fails where it was never called."""
    if "work" not in call.jobs:
        raised = next((o for o in call.outcomes if o.raised), None)
        if raised:
            code = "set-after-start" if raised.is_a("AssertionError") else None
            fail(expected, raised.text, code, raised.where)
        if call.outcomes:
            fail(expected, say("it returned without having called work"), "work-not-called")
        if "sibling" in call.jobs and place(call.record, call.jobs["sibling"]) == "main":
            fail(expected, say("sibling was called by the main process itself"), "run-not-start")
        call.did_not_return(expected, _why_never(call))
    return Seen(*map(_literal, call.jobs["work"].args[:8]))


def _why_never(call: Call) -> str:
    """Why work was never called, of one who waits for something before it."""
    if not call.record.lives:
        return "beats-in-main"
    return "waits-before-work" if "sibling" in call.jobs else "joins-the-daemon"


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return {}


def hearts(call: Call) -> tuple[Life, ...]:
    """The processes, but for the sibling's, that were there when the work called."""
    at, sibling = call.jobs["work"].at, call.jobs.get("sibling")
    ours = {sibling.pid} if sibling else set()
    return tuple(life for life in call.record.lives if life.born < at and life.pid not in ours)


def raises_too(call: Call) -> Text:
    """Fails unless the call has raised what the work did."""
    expected = say("the exception that work raises: {error}", error="jobs.Failed")
    if not call.outcomes:
        call.did_not_return(expected, "joins-the-daemon")
    if not call.outcomes[0].is_a("ValueError"):
        fail(expected, call.outcomes[0].text, "failure-swallowed", call.outcomes[0].where)
    return call.outcomes[0].text
