"""How the checks of `large_transfer` read a trace: streams taken apart, sinks, growth of memory and of time.

Rule for the names of mistakes: a mistake is named where what was seen tells it from all others, or where the checks
that this one needs have ruled the others out. In doubt none is named; expected and actual then speak for themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from grader.analysis.calls import connected
from grader.analysis.flows import flow
from grader.analysis.outcomes import Outcome, Standstill, standstill
from grader.checks import Unclear, fail
from grader.model import Busy, Exited, Flow, GaveUp, Measured, Quiet, Text, Trace, Vanished, say

PIECE = 65_536
HEADER = 4
OPEN = b"!"  # what the driver sends last, to show that the socket is still open
GROWTH = 8  # MiB, of a program that moves 16
NOISE = 0.5  # ms: so little processor time is not compared
SHOWN = 24  # bytes

Order = Literal["little", "big"]


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of the student's, taken apart by our peer. state: how it went on behind the payload, with `rest`.

    "ended": an end frame came; "unreadable": a length that there cannot be; "unfinished": neither.
    """

    payload: Flow
    state: str
    rest: Flow


def stream(trace: Trace, conn: str) -> Stream:
    must_be_connected(trace, conn)
    for state in ("ended", "unreadable", "unfinished"):
        if trace.first(Flow, conn=conn, direction=state):
            return Stream(flow(trace, conn, "payload"), state, flow(trace, conn, state))
    raise Unclear(say("our side did not take apart what came"))


def must_be_connected(trace: Trace, conn: str) -> None:
    if not connected(trace, conn):
        raise Unclear(say("the student's side did not connect"))


def stood(trace: Trace, run: str) -> Standstill:
    """Why a call without a connection did not end."""
    if trace.first(Vanished):
        raise Unclear(say("the process that looks after the program is gone"))
    return standstill(trace, run)


def killed(trace: Trace, run: str) -> bool:
    """The system ended the run: it had taken more memory than there is."""
    stuck = any(isinstance(e, Quiet | Busy | GaveUp) and e.run == run for e in trace.events)
    return not stuck and trace.first(Exited, run=run, signal="SIGKILL") is not None


TOLD_BY = {
    "MemoryError": "whole-in-memory",
    "RecursionError": "recursion",
    "SystemExit": "ends-the-interpreter",
    "UnicodeError": "as-text",
    "TimeoutError": "own-time-out",
    "io.UnsupportedOperation": "needs-a-disk-file",
}
OF_SOME_FILES = ("name", "mode", "peek", "read1", "getvalue", "getbuffer")


def told_by(outcome: Outcome) -> str | None:
    """The mistake that an exception tells of by its class, wherever it comes."""
    message = outcome.raised.message if outcome.raised else ""
    if outcome.is_a("TypeError") and "not 'str'" in message:
        return "as-text"
    if outcome.is_a("AttributeError") and message.rpartition("attribute ")[2].strip("'") in OF_SOME_FILES:
        return "needs-a-disk-file"
    if outcome.is_a("EOFError") and "reading a line" in message:
        return "asks-a-person"
    return next((code for name, code in TOLD_BY.items() if outcome.is_a(name)), None)


def other_exception(outcome: Outcome) -> str | None:
    """The mistake of an exception in place of the one that the README names. One that is an accident has no name."""
    return told_by(outcome) or ("other-exception" if outcome.chosen or outcome.is_a("EOFError") else None)


def passed_on(outcome: Outcome, message: str) -> bool:
    """What left the call is the OSError of driver.py's file, and no other."""
    return outcome.raised is not None and outcome.is_a("OSError") and message in outcome.raised.message


def order_of(trace: Trace) -> Order:
    return "big" if trace.options["byte_order"] == "big" else "little"


def shown(of: Flow, start: int = 0) -> str:
    """The bytes of a stream from an offset on, as hex."""
    head = of.head[start : start + SHOWN]
    return head.hex(" ") + (" …" if of.size > start + len(head) else "") if head else "–"


# --- growth -----------------------------------------------------------------------------------------------------------


def measured(trace: Trace, what: Text) -> float:
    found = trace.first(Measured, what=what.template)
    if not found:
        raise Unclear(say("there is no reading of this: {what}", what=what))
    return found.value


def memory_is_flat(trace: Trace) -> Text:
    grown = measured(trace, say("memory taken for the large one"))
    if grown >= GROWTH:
        expected = say("less than {n} MiB more memory for 16 MiB than for a little", n=GROWTH)
        fail(expected, say("{n} MiB more", n=round(grown)), "whole-in-memory")
    return say("16 MiB took {n} MiB more memory than a little", n=max(0.0, round(grown, 1)))


def time_is_linear(before: float, after: float, steep: float, what: Text) -> Text:
    """Growth of processor time by a factor that no noise explains and a quadratic algorithm exceeds by far."""
    factor = after / max(before, NOISE)
    values = {"what": what, "before": round(before, 1), "after": round(after, 1)}
    if factor > steep:
        fail(
            say("the time grows as the data does, {what}", what=what),
            say("processor time, {what}: {before} ms, then {after} ms", **values),
            "quadratic",
        )
    return say("processor time, {what}: {before} ms, then {after} ms", **values)
