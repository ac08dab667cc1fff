"""The checks of recv_stream where something goes wrong, and of what it leaves behind."""

from __future__ import annotations

from grader.analysis.calls import answers, parts, spinning, stopped
from grader.analysis.flows import flow
from grader.analysis.outcomes import Outcome
from grader.checks import BONUS, SHOULD, check, fail
from grader.model import Marked, Raised, Returned, Text, Trace, say
from grader.wire.payload import value_of

from .readings import OPEN, must_be_connected, other_exception, passed_on, shown
from .sinks import both, due_text, received_as_due, written


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
    return "eof-not-seen" if outcome.is_a("struct.error", "IndexError") else other_exception(outcome)


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
            fail(expected, got[0].text, code if wrong else other_exception(got[0]), got[0].where)
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
    got = answers(trace, "a")
    failed = next((o for o in got if o.raised), None)
    if failed:
        fail(say("two streams are received"), failed.text, "kept-from-before" if len(got) > 1 else None, failed.where)
    if len(got) < 2:
        still = stopped(trace, "a")
        fail(say("two streams are received"), still.text, "kept-from-before" if got else None, still.where)
    for conn, outcome in zip(("a", "again"), got, strict=True):
        due, came = both(trace, conn)
        if not written(trace, conn):
            fail(due_text(trace, conn), say("{n} bytes: {hex}", n=came.size, hex=shown(came)), "kept-from-before")
        if outcome.value and not outcome.value.same(value_of(due.size)):
            fail(say("it returns {n}", n=due.size), outcome.text, "kept-from-before")
    return say("both streams were received")


@check(
    "recv.reset",
    points=0.5,
    severity=SHOULD,
    needs=("recv.payload-split",),
    requirement=say("ConnectionError when the peer resets the connection, inside a piece or between two"),
)
def recv_reset(trace: Trace) -> Text:
    for name in ("a", "between"):
        must_be_connected(trace, name)
        expected, got = say("ConnectionError after a reset"), answers(trace, name)
        if not got:
            still = stopped(trace, name)
            fail(expected, still.text, "swallows-errors" if spinning(trace, name) else None, still.where)
        if not got[0].is_a("ConnectionError"):
            fail(expected, got[0].text, "swallows-errors" if got[0].value else other_exception(got[0]), got[0].where)
    return say("ConnectionError, both times")


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
    if not passed_on(got[0], "No space left"):
        fail(expected, got[0].text, other_exception(got[0]), got[0].where)
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
