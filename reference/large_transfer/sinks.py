"""What the sink got, read from a trace: the bytes that were due against those that came back, and why they differ."""

from __future__ import annotations

from typing import NoReturn

from grader.analysis.calls import answers, stopped, used_closed
from grader.analysis.flows import begins, flow, same_bytes
from grader.analysis.outcomes import Outcome
from grader.checks import fail
from grader.model import Flow, Text, Trace, say

from .readings import HEADER, PIECE, killed, must_be_connected, order_of, shown, told_by


def received_as_due(trace: Trace, likely: str | None = None, run: str = "a") -> Text:
    """The sink got the payload of the pieces, byte for byte, and recv_stream returned.

    likely: the mistake that this case is about; it is named where it fits and nothing speaks for another one.
    """
    must_be_connected(trace, run)
    got, expected = answers(trace, run), due_text(trace, run)
    failed = next((o for o in got if o.raised), None)
    if failed:
        fail(expected, failed.text, _why_raised(trace, run, failed, likely), failed.where)
    if not got:
        _fail_standing(trace, run, likely)
    due, came = both(trace, run)
    if not same_bytes(due, came):
        fail(expected, say("{n} bytes: {hex}", n=came.size, hex=shown(came)), _why_written(trace, run, likely))
    return say("{n} bytes came out as they were due", n=due.size)


def both(trace: Trace, run: str) -> tuple[Flow, Flow]:
    """What the sink of a run was to get, and what it got."""
    return flow(trace, f"{run}: sink", "due"), flow(trace, f"{run}: sink", "received")


def written(trace: Trace, run: str) -> bool:
    return same_bytes(*both(trace, run))


def comes_right(trace: Trace, run: str) -> bool:
    """Half a mebibyte of whole pieces has been written, and it is right: the lengths were understood."""
    due, came = both(trace, run)
    return came.size > 1 << 19 and came.size % PIECE == 0 and begins(due, came)


def due_text(trace: Trace, run: str) -> Text:
    due, _ = both(trace, run)
    return say("{n} bytes in the sink: {hex}", n=due.size, hex=shown(due))


def _fail_standing(trace: Trace, run: str, likely: str | None) -> NoReturn:
    """recv_stream did not return."""
    still, (_, came) = stopped(trace, run), both(trace, run)
    if written(trace, run):
        likely = likely or "end-frame-ignored"
    code = "whole-in-memory" if killed(trace, run) else _why_written(trace, run, likely)
    actual = say("{n} bytes: {hex}; {what}", n=came.size, hex=shown(came), what=still.text)
    fail(due_text(trace, run), actual, code if still.quiet or killed(trace, run) else None, still.where)


def _why_raised(trace: Trace, run: str, outcome: Outcome, likely: str | None) -> str | None:
    """The mistake that an exception in a stream without a fault speaks for."""
    if used_closed(outcome):
        return "closes-socket"
    if code := told_by(outcome):
        return code
    if outcome.is_a("ValueError") and not both(trace, run)[1].size:
        first = int.from_bytes(flow(trace, run, "sent").head[:HEADER], order_of(trace))
        return "limit-off-by-one" if first == PIECE else likely
    if likely == "empty-is-error" or outcome.is_a("ValueError"):
        return likely
    short = "single-recv" if likely == "over-read" else likely
    return short if outcome.is_a("struct.error", "ConnectionError", "EOFError") else None


def _why_written(trace: Trace, run: str, likely: str | None) -> str | None:
    """The mistake that other bytes than those due speak for."""
    due, came = both(trace, run)
    sent = flow(trace, run, "sent").head
    if due.size and came.head.startswith(sent[:8]) and not due.head.startswith(sent[:8]):
        return "no-frames"
    if likely == "single-recv" and came.size > due.size and answers(trace, run):
        return "stale-buffer"  # nothing was lost, so that is not what happened
    if likely or not due.size:
        return likely
    if came.head == due.head.decode(errors="ignore").encode():
        return "as-text"
    if came.size > due.size and came.head[:HEADER] == due.head[:HEADER]:
        return "stale-buffer"
    first = int.from_bytes(sent[:HEADER], order_of(trace))
    return "short-piece-is-end" if came.size == first and due.head.startswith(came.head) else None
