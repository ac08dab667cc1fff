"""The checks of recv_stream: what our peer sent (due) against what came back from the sink, and what was returned."""

from __future__ import annotations

from typing import NoReturn

from grader.analysis.calls import answers, connected, parts, spinning, stopped, used_closed
from grader.analysis.flows import begins, flow, same_bytes
from grader.analysis.outcomes import Outcome, outcomes
from grader.checks import BONUS, SHOULD, check, fail
from grader.model import Marked, Raised, Returned, Text, Trace, say
from grader.wire.payload import value_of

from .readings import (
    HEADER,
    OPEN,
    PIECE,
    killed,
    measured,
    memory_is_flat,
    must_be_connected,
    order_of,
    shown,
    time_is_linear,
    told_by,
)

# What a program that does not understand our stream understands instead: script.py tries these.
DIALECTS = {
    "other-order": ("byte-order", say("it understood the lengths the other way round")),
    "to-the-end": ("end-frame-ignored", say("it understood a stream without an end frame, once our side had closed")),
    "8-byte": ("wrong-width", say("it understood lengths of 8 bytes")),
    "digits": ("length-as-digits", say("it understood lengths in digits")),
    "self-counting": ("counts-header", say("it understood lengths that are 4 too great")),
}


@check(
    "recv.one",
    points=1,
    requirement=say("recv_stream writes the bytes of all pieces to the sink and returns at the end frame"),
)
def recv_one(trace: Trace) -> Text:
    for name, (code, actual) in DIALECTS.items():
        if connected(trace, name) and _written(trace, name) and any(o.value for o in outcomes(trace, name)):
            fail(_due(trace, "a"), actual, code)
    received_as_due(trace)
    said = flow(trace, "a", "received").head.removesuffix(OPEN)
    if said:
        fail(say("recv_stream sends nothing"), say("it sent {hex}", hex=said.hex(" ")), "acknowledges")
    return say("{n} bytes came out as they were due", n=flow(trace, "a: sink", "due").size)


@check(
    "recv.count",
    case="recv.one",
    points=0.5,
    needs=("recv.one",),
    requirement=say("recv_stream returns how many bytes it has written"),
)
def recv_count(trace: Trace) -> Text:
    n, got = flow(trace, "a: sink", "due").size, answers(trace, "a")
    if not got[0].value or not got[0].value.same(value_of(n)):
        nothing = got[0].value and got[0].value.kind == "none"
        fail(say("it returns {n}", n=n), got[0].text, "returns-nothing" if nothing else "wrong-count")
    return say("it returned {n}", n=n)


@check(
    "recv.empty",
    points=0.25,
    needs=("recv.one",),
    requirement=say("an end frame alone is an empty stream: 0 is returned, nothing is written"),
)
def recv_empty(trace: Trace) -> Text:
    received_as_due(trace, "empty-is-error")
    got = answers(trace, "a")[0]
    if not got.value or got.value.kind == "none":  # that recv.count asks
        return say("nothing was written")
    if not got.value.same(value_of(0)):
        fail(say("it returns {n}", n=0), got.text, "wrong-count")
    return say("it returned {n}", n=0)


@check(
    "recv.header-split",
    points=1,
    needs=("recv.one",),
    requirement=say("the four bytes of a length may arrive in any number of pieces"),
)
def recv_header_split(trace: Trace) -> Text:
    return received_as_due(trace, "single-recv")


@check(
    "recv.payload-split",
    points=1,
    needs=("recv.one",),
    requirement=say("a piece may arrive byte by byte, or in a few parts"),
)
def recv_payload_split(trace: Trace) -> Text:
    return received_as_due(trace, "single-recv")


@check(
    "recv.glued",
    points=1,
    needs=("recv.one",),
    requirement=say("many frames may arrive glued together, the end frame with them"),
)
def recv_glued(trace: Trace) -> Text:
    return received_as_due(trace, "over-read")


@check(
    "recv.sizes",
    points=0.5,
    needs=("recv.one",),
    requirement=say("a piece has any size from 1 to 65,536, wherever it stands"),
)
def recv_sizes(trace: Trace) -> Text:
    return received_as_due(trace, "single-recv")


@check(
    "recv.random",
    points=0.25,
    needs=("recv.one",),
    requirement=say("1200 pieces of random sizes, cut at random places, come out whole and in order"),
)
def recv_random(trace: Trace) -> Text:
    return received_as_due(trace)


@check(
    "recv.timeout",
    points=0.25,
    needs=("recv.header-split", "recv.payload-split", "recv.glued"),
    requirement=say("a socket with a time-out set changes nothing"),
)
def recv_timeout(trace: Trace) -> Text:
    return received_as_due(trace, "waitall-once")


@check(
    "recv.large",
    points=1,
    needs=("recv.one",),
    requirement=say("16 MiB come out whole and in order"),
)
def recv_large(trace: Trace) -> Text:
    failed = next((o for o in answers(trace, "a") if o.raised), None)
    limited = failed and failed.is_a("ValueError") and _comes_right(trace, "a")
    return received_as_due(trace, "limits-the-stream" if limited else "single-recv")


@check(
    "recv.memory",
    case="recv.large",
    points=1,
    severity=SHOULD,
    needs=("recv.large",),
    requirement=say("receiving takes no more memory for a large stream than for a small one"),
)
def recv_memory(trace: Trace) -> Text:
    return memory_is_flat(trace)


@check(
    "recv.linear",
    case="recv.large",
    points=0.5,
    severity=SHOULD,
    needs=("recv.large",),
    requirement=say("the last bytes of a long stream take no more time than the first"),
)
def recv_linear(trace: Trace) -> Text:
    first = measured(trace, say("processor time of a portion at first"))
    last = measured(trace, say("processor time of a portion at last"))
    return time_is_linear(first, last, 3, say("for a portion at first and at last"))


@check(
    "recv.end-missing",
    points=1,
    needs=("recv.one",),
    requirement=say("ConnectionError when the peer ends before the end frame has come"),
)
def recv_end_missing(trace: Trace) -> Text:
    names = parts(trace)[::2]  # each with the connection of its sink
    for name in names:
        expected = say("ConnectionError when the peer ends after {k} bytes, without an end frame", k=name)
        got = answers(trace, name)
        if not got:
            still = stopped(trace, name)
            fail(expected, still.text, "spins-on-eof" if spinning(trace, name) else None, still.where)
        if not got[0].is_a("ConnectionError"):
            fail(expected, got[0].text, _why_ended(got[0]), got[0].where)
    return say("{n} cut-off streams were reported", n=len(names))


def _why_ended(outcome: Outcome) -> str | None:
    if outcome.value:
        return "eof-as-end"
    return "eof-not-seen" if outcome.is_a("struct.error", "IndexError") else None


@check(
    "recv.bad-length",
    points=0.5,
    needs=("recv.one",),
    requirement=say("a length below 0 or above 65,536 is a ValueError, before anything else is read"),
)
def recv_bad_length(trace: Trace) -> Text:
    names = parts(trace)[::2]
    for name in names:
        got, code = answers(trace, name), "negative-length" if name.startswith("-") else "no-limit"
        expected = say("ValueError for the length {n}", n=name)
        if not got:
            still = stopped(trace, name)
            fail(expected, say("it took the length for good: {what}", what=still.text), code, still.where)
        if not got[0].is_a("ValueError"):
            wrong = got[0].value or got[0].is_a("MemoryError", "OverflowError")
            fail(expected, got[0].text, code if wrong else None, got[0].where)
    return say("{n} impossible lengths were refused", n=len(names))


@check(
    "recv.pause",
    points=0.5,
    severity=SHOULD,
    needs=("recv.one",),
    requirement=say("a sender that pauses between two pieces is waited for"),
)
def recv_pause(trace: Trace) -> Text:
    must_be_connected(trace, "a")
    rest = trace.first(Marked)
    early = next((e for e in trace.events if isinstance(e, Returned | Raised) and rest and e.at < rest.at), None)
    if early:
        outcome = answers(trace, "a")[0]
        expected = say("it waits for the rest of the stream, however long that takes")
        fail(expected, outcome.text, "timeout-is-end", outcome.where)
    return received_as_due(trace)


@check(
    "recv.again",
    points=0.5,
    needs=("recv.count",),
    requirement=say("a second stream, on a connection of its own, is received like the first"),
)
def recv_again(trace: Trace) -> Text:
    sizes, got = [flow(trace, f"{c}: sink", "due").size for c in ("a", "again")], answers(trace, "a")
    failed = next((o for o in got if o.raised), None)
    if failed:
        fail(say("two streams are received"), failed.text, "kept-from-before" if len(got) > 1 else None, failed.where)
    if len(got) < 2:
        still = stopped(trace, "a")
        fail(say("two streams are received"), still.text, "kept-from-before" if got else None, still.where)
    for conn, size, outcome in zip(("a", "again"), sizes, got, strict=True):
        came = flow(trace, f"{conn}: sink", "received")
        if not _written(trace, conn):
            fail(_due(trace, conn), say("{n} bytes: {hex}", n=came.size, hex=shown(came)), "kept-from-before")
        if outcome.value and not outcome.value.same(value_of(size)):
            fail(say("it returns {n}", n=size), outcome.text, "kept-from-before")
    return say("both streams were received")


@check(
    "recv.reset",
    points=0.5,
    severity=SHOULD,
    needs=("recv.payload-split",),
    requirement=say("ConnectionError when the peer resets the connection"),
)
def recv_reset(trace: Trace) -> Text:
    must_be_connected(trace, "a")
    expected, got = say("ConnectionError after a reset"), answers(trace, "a")
    if not got:
        still = stopped(trace, "a")
        fail(expected, still.text, "swallows-errors" if spinning(trace, "a") else None, still.where)
    if not got[0].is_a("ConnectionError"):
        fail(expected, got[0].text, "swallows-errors" if got[0].value else None, got[0].where)
    return got[0].text


@check(
    "recv.sink-error",
    points=0.5,
    severity=SHOULD,
    needs=("recv.one",),
    requirement=say("where the sink fails (a full disk), the caller learns of it"),
)
def recv_sink_error(trace: Trace) -> Text:
    must_be_connected(trace, "a")
    expected, got = say("the OSError of the sink reaches the caller"), answers(trace, "a")
    if not got:
        still = stopped(trace, "a")
        fail(expected, still.text, "swallows-errors", still.where)
    if not got[0].raised:
        fail(expected, got[0].text, "swallows-errors")
    return got[0].text


@check(
    "recv.leaves-open",
    case="recv.one",
    points=0.25,
    needs=("recv.one",),
    requirement=say("recv_stream leaves the socket open"),
)
def recv_leaves_open(trace: Trace) -> Text:
    if not flow(trace, "a", "received").head.endswith(OPEN):
        actual = say("it was closed: a byte sent through it did not arrive")
        fail(say("the socket can be used after recv_stream has returned"), actual, "closes-socket")
    return say("it was used again afterwards")


@check(
    "recv.what-follows",
    severity=BONUS,
    points=1,
    needs=("recv.glued",),
    requirement=say("what follows the end frame stays in the socket: two streams, one after the other"),
)
def recv_what_follows(trace: Trace) -> Text:
    received_as_due(trace, "over-read")
    got = answers(trace, "a")
    if len(got) < 2:
        still = stopped(trace, "a")
        fail(say("the second stream is received as well"), still.text, "over-read", still.where)
    return say("both streams were received")


# --- reading what came back -------------------------------------------------------------------------------------------


def received_as_due(trace: Trace, likely: str | None = None, run: str = "a") -> Text:
    """The sink got the payload of the pieces, byte for byte, and recv_stream returned.

    likely: the mistake that this case is about; it is named where it fits and nothing speaks for another one.
    """
    must_be_connected(trace, run)
    got, expected = answers(trace, run), _due(trace, run)
    failed = next((o for o in got if o.raised), None)
    if failed:
        fail(expected, failed.text, _why_raised(trace, run, failed, likely), failed.where)
    if not got:
        _fail_standing(trace, run, likely)
    if not _written(trace, run):
        came = flow(trace, f"{run}: sink", "received")
        fail(expected, say("{n} bytes: {hex}", n=came.size, hex=shown(came)), _why_written(trace, run, likely))
    return say("{n} bytes came out as they were due", n=flow(trace, f"{run}: sink", "due").size)


def _written(trace: Trace, run: str) -> bool:
    return same_bytes(flow(trace, f"{run}: sink", "due"), flow(trace, f"{run}: sink", "received"))


def _comes_right(trace: Trace, run: str) -> bool:
    """Half a mebibyte has been written, and it is right: the lengths were understood."""
    due, came = flow(trace, f"{run}: sink", "due"), flow(trace, f"{run}: sink", "received")
    return came.size > 1 << 19 and begins(due, came)


def _due(trace: Trace, run: str) -> Text:
    due = flow(trace, f"{run}: sink", "due")
    return say("{n} bytes in the sink: {hex}", n=due.size, hex=shown(due))


def _fail_standing(trace: Trace, run: str, likely: str | None) -> NoReturn:
    """recv_stream did not return."""
    still, came = stopped(trace, run), flow(trace, f"{run}: sink", "received")
    code = "whole-in-memory" if killed(trace, run) else _why_written(trace, run, likely)
    actual = say("{n} bytes: {hex}; {what}", n=came.size, hex=shown(came), what=still.text)
    fail(_due(trace, run), actual, code if still.quiet or killed(trace, run) else None, still.where)


def _why_raised(trace: Trace, run: str, outcome: Outcome, likely: str | None) -> str | None:
    """The mistake that an exception in a stream without a fault speaks for."""
    if used_closed(outcome):
        return "closes-socket"
    if code := told_by(outcome):
        return code
    if outcome.is_a("ValueError") and not flow(trace, f"{run}: sink", "received").size:
        first = int.from_bytes(flow(trace, run, "sent").head[:HEADER], order_of(trace))
        return "limit-off-by-one" if first == PIECE else likely
    if likely == "empty-is-error" or outcome.is_a("ValueError"):
        return likely
    short = "single-recv" if likely == "over-read" else likely
    return short if outcome.is_a("struct.error", "ConnectionError", "EOFError") else None


def _why_written(trace: Trace, run: str, likely: str | None) -> str | None:
    """The mistake that other bytes than those due speak for."""
    due, came = flow(trace, f"{run}: sink", "due"), flow(trace, f"{run}: sink", "received")
    sent = flow(trace, run, "sent").head
    if due.size and came.head.startswith(sent[:8]) and not due.head.startswith(sent[:8]):
        return "no-frames"
    if likely == "single-recv" and came.size > due.size and answers(trace, run):
        return "stale-buffer"  # nothing was lost, so that is not what happened
    if likely or not due.size:
        return likely
    if came.size > due.size and came.head[:HEADER] == due.head[:HEADER]:
        return "stale-buffer"
    first = int.from_bytes(sent[:HEADER], order_of(trace))
    return "short-piece-is-end" if came.size == first and due.head.startswith(came.head) else None
