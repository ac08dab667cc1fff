"""The checks of send_stream: the content that was due against the pieces, the end and the rest that came."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NoReturn

from grader.analysis.calls import answers, spinning, stopped, used_closed
from grader.analysis.flows import begins, flow, same_bytes
from grader.analysis.outcomes import Outcome, outcomes
from grader.checks import SHOULD, check, fail
from grader.model import Flow, Text, Trace, say

from .readings import (
    HEADER,
    OPEN,
    PIECE,
    Stream,
    killed,
    memory_is_flat,
    must_be_connected,
    order_of,
    other_exception,
    passed_on,
    shown,
    stream,
    told_by,
)


@check(
    "send.one",
    points=1,
    requirement=say("send_stream sends what the source holds as frames, and at last one of length 0"),
)
def send_one(trace: Trace) -> Text:
    return sent_as_due(trace, "a")


@check(
    "send.empty",
    points=0.25,
    needs=("send.one",),
    requirement=say("an empty source is the end frame alone"),
)
def send_empty(trace: Trace) -> Text:
    return sent_as_due(trace, "a")


@check(
    "send.sizes",
    points=1,
    needs=("send.one",),
    requirement=say("a source of any size goes out in pieces of 1 to 65,536 bytes and one end"),
)
def send_sizes(trace: Trace) -> Text:
    for name in ("a zero", "a line end", "65535", "65536", "65537", "655360", "no line ends"):
        sent_as_due(trace, name)
    return say("seven sources went out whole")


@check(
    "send.short-reads",
    points=1,
    needs=("send.one",),
    requirement=say("a read that gives less than was asked for is not the end of the source"),
)
def send_short_reads(trace: Trace) -> Text:
    return sent_as_due(trace, "a", "short-read-is-end")


@check(
    "send.large",
    points=1,
    needs=("send.one",),
    requirement=say("16 MiB go out whole and in order"),
)
def send_large(trace: Trace) -> Text:
    sent_as_due(trace, "small")
    return sent_as_due(trace, "large")


@check(
    "send.memory",
    case="send.large",
    points=1,
    severity=SHOULD,
    needs=("send.large",),
    requirement=say("sending takes no more memory for a large source than for a small one"),
)
def send_memory(trace: Trace) -> Text:
    return memory_is_flat(trace)


@check(
    "send.stalled-reader",
    points=1,
    needs=("send.one",),
    requirement=say("a slow reader and a socket with a time-out lose no byte"),
)
def send_stalled_reader(trace: Trace) -> Text:
    return sent_as_due(trace, "a", "send-not-sendall")


@check(
    "send.source-error",
    points=0.5,
    needs=("send.short-reads",),
    requirement=say("where the source fails, the caller learns of it, and no end frame says that this was all"),
)
def send_source_error(trace: Trace) -> Text:
    came, got = stream(trace, "a"), answers(trace, "a")
    expected = say("the OSError of the source reaches the caller, and no end frame is sent")
    if not got:
        still = stopped(trace, "a")
        fail(expected, still.text, "swallows-errors" if spinning(trace, "a") else None, still.where)
    if not got[0].raised:
        fail(expected, got[0].text, "swallows-errors", got[0].where)
    if came.state == "ended":
        fail(expected, say("the end frame was sent although the source had failed"), "end-after-error", got[0].where)
    if not passed_on(got[0], "Input/output error"):
        fail(expected, got[0].text, other_exception(got[0]), got[0].where)
    return got[0].text


@check(
    "send.leaves-open",
    case="send.one",
    points=0.25,
    needs=("send.one",),
    requirement=say("send_stream leaves the socket open"),
)
def send_leaves_open(trace: Trace) -> Text:
    if stream(trace, "a").rest.head != OPEN:
        fail(say("the socket can still be written to"), say("it was closed after the stream"), "closes-socket")
    return say("a byte sent through it afterwards arrived")


@check(
    "send.reset",
    points=0.5,
    severity=SHOULD,
    needs=("send.large",),
    requirement=say("OSError reaches the caller when the peer has gone"),
)
def send_reset(trace: Trace) -> Text:
    for name in ("a", "closed"):
        must_be_connected(trace, name)
        got, expected = answers(trace, name), say("an OSError")
        if not got:
            still = stopped(trace, name)
            fail(expected, still.text, "swallows-errors" if spinning(trace, name) else None, still.where)
        if not got[0].is_a("OSError"):
            fail(expected, got[0].text, "swallows-errors" if got[0].value else other_exception(got[0]), got[0].where)
    return got[0].text


# --- reading what came ------------------------------------------------------------------------------------------------


def sent_as_due(trace: Trace, conn: str, likely: str | None = None) -> Text:
    """The pieces hold the content that was due, the end frame follows, and nothing of the student's behind it."""
    came, due = stream(trace, conn), flow(trace, conn, "due")
    expected = say("{n} bytes in frames, then 00 00 00 00", n=due.size)
    failed = next((o for o in outcomes(trace, conn) if o.raised), None)
    if failed:
        fail(expected, failed.text, _why_raised(failed, came), failed.where)
    if came.state == "unreadable":
        _fail_unreadable(trace, conn, came, likely)
    if not same_bytes(due, came.payload):
        _fail_different(trace, conn, came, likely)
    if not answers(trace, conn):
        _fail_standing(trace, conn, say("all {n} bytes came", n=due.size), say("send_stream returns"), None)
    if came.state == "unfinished":
        actual = say("all {n} bytes came, but no frame of length 0 behind them", n=due.size)
        fail(expected, actual, "missing-end")
    if came.rest.head not in (b"", OPEN):
        code = "end-twice" if came.rest.head.startswith(bytes(HEADER)) else "adds-bytes"
        theirs = replace(came.rest, head=came.rest.head.removesuffix(OPEN), size=came.rest.size - len(OPEN))
        fail(expected, say("behind the end frame came {hex}", hex=shown(theirs)), code)
    return say("{n} bytes and the end frame came as they were due", n=due.size)


def _fail_standing(trace: Trace, conn: str, came: Text, expected: Text, likely: str | None) -> NoReturn:
    """send_stream neither returned nor raised."""
    still = stopped(trace, conn)
    code = "whole-in-memory" if killed(trace, conn) else "spins-at-end" if spinning(trace, conn) else likely
    if still.quiet and code is None:  # our side has read all that came: it does not wait for room
        code = "acknowledges"
    fail(expected, Text("{came}; {what}", {"came": came, "what": still.text}), code, still.where)


def _why_raised(outcome: Outcome, came: Stream) -> str | None:
    if used_closed(outcome):
        return "closes-socket"
    endless = came.state == "ended" and came.rest.head.startswith(bytes(2 * HEADER))
    return "spins-at-end" if endless and outcome.is_a("ConnectionError") else told_by(outcome)


def _fail_unreadable(trace: Trace, conn: str, came: Stream, likely: str | None) -> NoReturn:
    """A length came that there cannot be."""
    due, head = flow(trace, conn, "due"), came.rest.head[:HEADER]
    size = int.from_bytes(head, order_of(trace), signed=True)
    expected = say("lengths from 1 to 65,536, then {n} bytes in all", n=due.size)
    code = _why_header(trace, conn)
    actual = say("after {k} bytes the length {hex}, that is {size}", k=came.payload.size, hex=head.hex(" "), size=size)
    if code is None and PIECE < size <= due.size:
        code = "piece-too-long"
    if code is None and same_bytes(due, came.payload):
        code = "missing-end"
    fail(expected, actual, code or likely)


def _why_header(trace: Trace, conn: str) -> str | None:
    """The mistake that the first bytes speak for, where they are no frame of the beginning."""
    due, raw = flow(trace, conn, "due"), flow(trace, conn, "received").head
    head, at = raw[:HEADER], raw.find(due.head[:8]) if due.size >= 8 else -1
    if at == 0:
        return "no-header"
    if at > 0 and re.fullmatch(rb"\s*\d+\s*", raw[:at]):
        return "length-as-digits"
    first = min(due.size, PIECE)
    if at > 0 and at != HEADER and first in (int.from_bytes(raw[:at], "little"), int.from_bytes(raw[:at], "big")):
        return "wrong-width"
    other = int.from_bytes(head[::-1], order_of(trace), signed=True)
    return "byte-order" if at == HEADER and other == first else None


def _fail_different(trace: Trace, conn: str, came: Stream, likely: str | None) -> NoReturn:
    """The pieces hold something else than the source did."""
    due, got = flow(trace, conn, "due"), came.payload
    expected = say("{n} bytes: {hex}", n=due.size, hex=shown(due))
    actual = say("{n} bytes: {hex}", n=got.size, hex=shown(got))
    if came.state == "ended" and begins(due, got) and came.rest.size > len(OPEN):
        actual = say("after {k} bytes came a frame of length 0, and then more", k=got.size)
        fail(expected, actual, "empty-piece" if got.size else _why_header(trace, conn) or "empty-piece")
    if not answers(trace, conn):
        _fail_standing(trace, conn, say("{k} of {n} bytes came", k=got.size, n=due.size), expected, likely)
    fail(expected, actual, _why_different(trace, conn, got, likely))


def _why_different(trace: Trace, conn: str, got: Flow, likely: str | None) -> str | None:
    due, raw = flow(trace, conn, "due"), flow(trace, conn, "received").head
    if code := _why_header(trace, conn):
        return code
    first = int.from_bytes(raw[:HEADER], order_of(trace), signed=True)
    if first == min(due.size, PIECE) + HEADER and got.head.startswith(due.head[: first - HEADER]):
        return "counts-header"
    if got.size > due.size and got.head.startswith(due.head[:8]):
        return "stale-buffer"
    if got.head == due.head.decode(errors="ignore").encode():
        return "as-text"
    return likely or ("stops-early" if begins(due, got) else None)
