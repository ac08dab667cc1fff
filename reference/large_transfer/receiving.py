"""The checks of recv_stream: what our peer sent (due) against what came back from the sink, and what was returned."""

from __future__ import annotations

from grader.analysis.calls import answers, connected
from grader.analysis.flows import begins, flow
from grader.analysis.outcomes import outcomes
from grader.checks import SHOULD, check, fail
from grader.model import Text, Trace, say
from grader.wire.payload import value_of

from .readings import OPEN, measured, memory_is_flat, time_is_linear
from .sinks import both, comes_right, due_text, received_as_due, written

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
        if connected(trace, name) and written(trace, name) and any(o.value for o in outcomes(trace, name)):
            fail(due_text(trace, "a"), actual, code)
    received_as_due(trace)
    said = flow(trace, "a", "received").head.removesuffix(OPEN)
    if said:
        fail(say("recv_stream sends nothing"), say("it sent {hex}", hex=said.hex(" ")), "acknowledges")
    return say("{n} bytes came out as they were due", n=both(trace, "a")[0].size)


@check(
    "recv.count",
    case="recv.one",
    points=0.5,
    needs=("recv.one",),
    requirement=say("recv_stream returns how many bytes it has written"),
)
def recv_count(trace: Trace) -> Text:
    n, got = both(trace, "a")[0].size, answers(trace, "a")
    if not got[0].value or not got[0].value.same(value_of(n)):
        nothing = got[0].value and got[0].value.kind == "none"
        fail(say("it returns {n}", n=n), got[0].text, "returns-nothing" if nothing else "wrong-count")
    return say("it returned {n}", n=n)


@check(
    "recv.empty",
    points=0.25,
    needs=("recv.count",),
    requirement=say("an end frame alone is an empty stream: 0 is returned, nothing is written"),
)
def recv_empty(trace: Trace) -> Text:
    received_as_due(trace, "empty-is-error")
    got = answers(trace, "a")[0]
    if not got.value or not got.value.same(value_of(0)):
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
    """The lengths are not cut: bytes beside the content are written only where more was read than a piece lacked."""
    beside = not begins(*both(trace, "a")) and not any(o.value for o in answers(trace, "a"))
    return received_as_due(trace, "over-read" if beside else "single-recv")


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
    due, came = both(trace, "a")
    returned = any(o.value for o in answers(trace, "a"))
    stripped = returned and 0 < due.size - came.size <= 3  # so many blanks and zeros stand in pieces of their own
    return received_as_due(trace, "changes-bytes" if stripped else "single-recv")


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
    if any(o.is_a("ValueError") for o in answers(trace, "a")):  # out of step, or at the end of a good piece?
        return received_as_due(trace, "limits-the-stream" if comes_right(trace, "a") else None)
    return received_as_due(trace, "single-recv")


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
