"""How calls of a student's functions on a socket went: their answers, and why there were none. Layer 1, pure.

A run is named as the connection that it was given; "parts" are the connections of a case, one run each.
"""

from __future__ import annotations

from typing import NoReturn

from grader.analysis.outcomes import Outcome, Standstill, outcomes, standstill
from grader.checks import Unclear, fail
from grader.model import Busy, Connected, Drained, Exited, GaveUp, Quiet, Trace, Unread, Vanished, say


def parts(trace: Trace) -> tuple[str, ...]:
    """The names of the connections of a case, in order."""
    names = tuple(dict.fromkeys(c.conn for c in trace.of(Connected)))
    return names or unconnected(trace)


def unconnected(trace: Trace, run: str = "") -> NoReturn:
    """No connection came to be. That a process ended by itself before its function was called is the program's doing:
    our own driver does nothing but connect and call."""
    ended = next((e for e in trace.of(Exited) if run in ("", e.run) and e.signal != "SIGKILL"), None)
    if ended and not trace.of(Vanished):
        fail(say("the program lives until its function is called"), standstill(trace, ended.run).text)
    raise Unclear(say("the student's side did not connect"))


def connected(trace: Trace, name: str) -> bool:
    return trace.first(Connected, conn=name) is not None


def answers(trace: Trace, run: str) -> tuple[Outcome, ...]:
    """The outcomes of a run before it stood still: what comes when our side moves on is no answer to what it did."""
    for i, e in enumerate(trace.events):
        if isinstance(e, Quiet | Busy) and e.run == run:
            return outcomes(Trace(trace.case, trace.events[:i]), run)
    return outcomes(trace, run)


def stopped(trace: Trace, run: str) -> Standstill:
    """Why a run did not answer. Unclear where that is not known to be the student's doing."""
    if trace.first(Vanished) or not (connected(trace, run) or trace.first(Exited, run=run)):
        raise Unclear(say("the student's side did not connect"))
    still = standstill(trace, run)
    last = next((e for e in reversed(trace.events) if isinstance(e, Unread | Drained) and e.conn == run), None)
    if isinstance(last, Unread) and still.quiet:
        return Standstill(say("it waits and leaves {n} bytes unread", n=last.size), still.where, quiet=True)
    return still


def spinning(trace: Trace, run: str) -> bool:
    """The run neither slept for good nor ended: it goes round in a loop."""
    return any(isinstance(e, Busy | GaveUp) and e.run == run for e in trace.events)


def used_closed(outcome: Outcome) -> bool:
    """The call failed because the socket, or a file made from it, had been closed on this side."""
    message = outcome.raised.message if outcome.raised else ""
    return (outcome.is_a("OSError") and "[Errno 9]" in message) or (outcome.is_a("ValueError") and "closed" in message)
