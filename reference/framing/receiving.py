"""The checks of recv_message: the messages that our peer put on the wire (Told) against the outcomes of its calls.

Each check judges its own requirement only: what recv_message makes of the end is asked by `recv.end-between` and
nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn

from grader.analysis.calls import answers, connected, parts, spinning, stopped, unconnected, used_closed
from grader.analysis.outcomes import Outcome, outcomes
from grader.checks import BONUS, SHOULD, check, fail
from grader.model import (
    Finished,
    Flow,
    GaveUp,
    Marked,
    Measured,
    Raised,
    Returned,
    Sent,
    Text,
    Told,
    Trace,
    Value,
    say,
)
from grader.wire.frames import HEADER
from grader.wire.payload import value_of

from .readings import all_come_back, fail_message, gave, other_exception, told_by

GROWTH = 8  # MiB


# What a program that does not understand our frame understands instead: script.py tries these.
DIALECTS: dict[str, tuple[str, Callable[[str], Text]]] = {
    "bare": ("no-header", lambda _: say("it understood the bare text, without a length")),
    "to-the-end": ("reads-to-end", lambda _: say("it returned nothing until our side had ended the connection")),
    "other-order": ("byte-order", lambda h: say("it understood the length {hex}, which is the other way round", hex=h)),
    "2-byte": ("wrong-width", lambda h: say("it understood a length of 2 bytes: {hex}", hex=h)),
    "8-byte": ("wrong-width", lambda h: say("it understood a length of 8 bytes: {hex}", hex=h)),
    "digits": ("length-as-digits", lambda h: say("it understood a length in digits: {hex}", hex=h)),
    "self-counting": ("counts-header", lambda h: say("it understood {hex}, a length that is 4 too great", hex=h)),
}


@check("recv.one", points=0.5, requirement=say("recv_message returns the text of a frame as soon as it is whole"))
def recv_one(trace: Trace) -> Text:
    told = trace.of(Told, conn="a")[0].value
    got = answers(trace, "a")
    if not got or not gave(got[0], told):
        _fail_one(trace, told)
    return say("it returned {value}", value=told.shown)


def _fail_one(trace: Trace, told: Value) -> NoReturn:
    sent = trace.first(Sent, conn="a")
    expected = say("{value} for the frame {hex} …", value=told.shown, hex=sent.data[:HEADER].hex(" ") if sent else "")
    for name, (code, actual) in DIALECTS.items():
        if any(gave(o, told) for o in outcomes(trace, name)):
            fail(expected, actual(_length_sent(trace, name)), code)
    if got := answers(trace, "a"):
        _fail_unpacked(expected, got[0])
    fail_message(trace, "a", 0, expected, None)


def _fail_unpacked(expected: Text, outcome: Outcome) -> None:
    """The frame came whole, in one piece: so the length was unpacked in another width, or from other bytes."""
    message = outcome.raised.message if outcome.raised else ""
    if outcome.is_a("struct.error"):
        width = re.fullmatch(r"unpack requires a buffer of (\d+) bytes", message)
        code = "wrong-width" if width and int(width[1]) != HEADER else None
        fail(expected, outcome.text, code, outcome.where)


def _length_sent(trace: Trace, name: str) -> str:
    """What our peer sent before the text, in hex."""
    sent, told = trace.first(Sent, conn=name), trace.first(Told, conn=name)
    return sent.data[: sent.size - told.value.size].hex(" ") if sent and told else ""


@check(
    "recv.byte-length",
    points=0.5,
    needs=("recv.one",),
    requirement=say("the length counts bytes: texts of Chinese and emoji come back whole"),
)
def recv_byte_length(trace: Trace) -> Text:
    return all_come_back(trace, "length-in-characters")


@check(
    "recv.header-split",
    points=1,
    needs=("recv.one",),
    requirement=say("the four bytes of the length may arrive in any number of pieces"),
)
def recv_header_split(trace: Trace) -> Text:
    return all_come_back(trace, "single-recv")


@check(
    "recv.payload-split",
    points=1,
    needs=("recv.one",),
    requirement=say("the text may arrive byte by byte"),
)
def recv_payload_split(trace: Trace) -> Text:
    return all_come_back(trace, "single-recv")


@check(
    "recv.glued",
    points=1,
    needs=("recv.one",),
    requirement=say("messages glued together in one segment come back one by one, in order"),
)
def recv_glued(trace: Trace) -> Text:
    return all_come_back(trace, "over-read")


@check(
    "recv.utf8-split",
    points=0.5,
    needs=("recv.payload-split", "recv.byte-length"),
    requirement=say("a character of several bytes may be cut between two pieces"),
)
def recv_utf8_split(trace: Trace) -> Text:
    return all_come_back(trace, "decode-per-chunk")


@check(
    "recv.large",
    points=0.5,
    needs=("recv.one",),
    requirement=say("messages of 64 KiB and of 1 MiB come back whole"),
)
def recv_large(trace: Trace) -> Text:
    return all_come_back(trace, "single-recv")


@check(
    "recv.empty",
    points=0.5,
    needs=("recv.one",),
    requirement=say("a message of length 0 is an empty text, not the end"),
)
def recv_empty(trace: Trace) -> Text:
    return all_come_back(trace)


@check(
    "recv.text-exact",
    points=0.5,
    needs=("recv.byte-length",),
    requirement=say("NUL, line ends, blanks and any other character come back unchanged"),
)
def recv_text_exact(trace: Trace) -> Text:
    return all_come_back(trace)


@check(
    "recv.random",
    points=0.25,
    needs=("recv.byte-length",),
    requirement=say("1000 random messages, cut at random places, come back whole and in order"),
)
def recv_random(trace: Trace) -> Text:
    return all_come_back(trace)


@check(
    "recv.timeout",
    points=0.25,
    needs=("recv.header-split", "recv.payload-split"),
    requirement=say("a socket with a time-out set changes nothing"),
)
def recv_timeout(trace: Trace) -> Text:
    if early := _answer_in_silence(trace):
        expected = say("it waits for the message, however long that takes")
        fail(expected, early.text, told_by(early) or "own-time-out", early.where)
    return all_come_back(trace, "waitall-once")


def _answer_in_silence(trace: Trace) -> Outcome | None:
    """What the program answered while our side paused, or before it had begun."""
    first = next((e for e in trace.events if isinstance(e, Returned | Raised)), None)
    marks = [m.label for m in trace.of(Marked) if first and m.at < first.at]
    return answers(trace, "a")[0] if first and marks[-1:] != [say("our side goes on").template] else None


@check(
    "recv.any-cut",
    points=0.25,
    needs=("recv.byte-length",),
    requirement=say("whole, byte by byte or with half a frame behind: the same bytes give the same messages"),
)
def recv_any_cut(trace: Trace) -> Text:
    for name, likely in (("whole", "over-read"), ("byte by byte", "single-recv"), ("half a frame behind", "over-read")):
        all_come_back(trace, likely, name)
    return say("three deliveries gave the same {n} messages", n=len(trace.of(Told, conn="whole")))


@check(
    "recv.bad-length",
    points=0.5,
    needs=("recv.one",),
    requirement=say("a length below 0 or above 1,048,576 is a ValueError at once, before anything else is read"),
)
def recv_bad_length(trace: Trace) -> Text:
    names = parts(trace)
    for name in names:
        _refused(trace, name, say("ValueError for the length {n}, within a second", n=name))
    return say("{n} impossible lengths were refused", n=len(names))


@check(
    "recv.http",
    points=0.25,
    severity=SHOULD,
    needs=("recv.one",),
    requirement=say("a browser that connects by mistake is refused: its first four bytes are no possible length"),
)
def recv_http(trace: Trace) -> Text:
    first = parts(trace)[0]
    number = int.from_bytes(first.encode(), trace.options["byte_order"])
    _refused(trace, first, say("ValueError for the first bytes {bytes}, the length {n}", bytes=repr(first), n=number))
    return say("it refused {bytes} as a length", bytes=repr(first))


def _refused(trace: Trace, name: str, expected: Text) -> None:
    """A ValueError, while the connection was still open, without much memory and at once."""
    got, code = answers(trace, name), "negative-length" if name.startswith("-") else "no-limit"
    if not got:
        still = stopped(trace, name)
        fail(expected, say("it took the length for good: {what}", what=still.text), code, still.where)
    if not got[0].is_a("ValueError"):
        fail(expected, got[0].text, _unrefused(got[0], code), got[0].where)
    grown = trace.first(Measured, what=f"memory {name}")
    if grown and grown.value >= GROWTH:
        actual = say("ValueError, but first it took {n} MiB of memory", n=round(grown.value))
        fail(expected, actual, "no-limit", got[0].where)
    if not trace.of(Finished, conn=name) and not trace.first(GaveUp, run=name):
        fail(say("the socket stays open, also then"), say("ValueError, but the socket was closed"), "closes-socket")
    slow = trace.first(GaveUp, run=name)
    if slow:
        fail(expected, say("ValueError, but only after {n} s", n=slow.seconds), "no-limit", got[0].where)


def _unrefused(outcome: Outcome, code: str) -> str | None:
    if outcome.value:
        return "swallows-errors" if outcome.value.kind == "none" else code
    return "no-limit" if outcome.is_a("MemoryError", "OverflowError") else other_exception(outcome)


@check(
    "recv.end-between",
    points=0.5,
    needs=("recv.one",),
    requirement=say("None when the peer ends between two messages"),
)
def recv_end_between(trace: Trace) -> Text:
    for name in parts(trace):
        told = trace.of(Told, conn=name)
        all_come_back(trace, None, name)
        _none_at_end(trace, name, answers(trace, name)[len(told) :])
    return say("it returned None, once before and once after a message")


def _none_at_end(trace: Trace, name: str, rest: tuple[Outcome, ...]) -> None:
    expected = say("None after the peer's end")
    if not rest:
        still = stopped(trace, name)
        fail(expected, still.text, "spins-on-eof" if spinning(trace, name) else None, still.where)
    if not rest[0].value or rest[0].value.kind != "none":
        fail(expected, rest[0].text, _misread_end(rest[0]), rest[0].where)


def _misread_end(outcome: Outcome) -> str | None:
    if used_closed(outcome):
        return "closes-socket"
    if outcome.value:
        return "end-as-empty" if outcome.value.kind == "str" and not outcome.value.size else None
    if outcome.is_a("struct.error", "IndexError"):
        return "eof-not-seen"
    return "eof-as-error" if outcome.is_a("OSError", "EOFError") else other_exception(outcome)


@check(
    "recv.end-inside",
    points=0.5,
    needs=("recv.header-split", "recv.payload-split"),
    requirement=say("ConnectionError when the peer ends inside a message"),
)
def recv_end_inside(trace: Trace) -> Text:
    names = parts(trace)
    for name in names:
        whole = HEADER + trace.of(Told, conn=name)[0].value.size
        expected = say("ConnectionError when the peer ends after {k} of {n} bytes of a frame", k=name, n=whole)
        got = answers(trace, name)
        if not got:
            still = stopped(trace, name)
            fail(expected, still.text, "spins-on-eof" if spinning(trace, name) else None, still.where)
        if not got[0].is_a("ConnectionError"):
            fail(expected, got[0].text, _short_end(got[0]), got[0].where)
    return say("{n} cut-off frames were reported", n=len(names))


def _short_end(outcome: Outcome) -> str | None:
    if outcome.value:
        return "eof-as-none" if outcome.value.kind == "none" else "short-on-eof"
    return "eof-not-seen" if outcome.is_a("struct.error", "IndexError") else other_exception(outcome)


@check(
    "recv.reset",
    points=0.5,
    needs=("recv.payload-split",),
    requirement=say("ConnectionError when the peer resets the connection, inside a message or between two"),
)
def recv_reset(trace: Trace) -> Text:
    _reset_inside(trace)
    got, expected = answers(trace, "between"), say("ConnectionError after a reset between two messages")
    if len(got) < 2:
        still = stopped(trace, "between")
        fail(expected, still.text, "swallows-errors" if spinning(trace, "between") else None, still.where)
    if not got[1].is_a("ConnectionError"):
        fail(expected, got[1].text, "swallows-errors" if got[1].value else other_exception(got[1]), got[1].where)
    return say("ConnectionError, both times")


def _reset_inside(trace: Trace) -> None:
    expected = say("ConnectionError after a reset")
    got = answers(trace, "a")
    if not got:
        still = stopped(trace, "a")
        fail(expected, still.text, "swallows-errors" if spinning(trace, "a") else None, still.where)
    if not got[0].is_a("ConnectionError"):
        codes = {"none": "swallows-errors", "str": "short-on-eof"}
        code = codes.get(got[0].value.kind) if got[0].value else other_exception(got[0])
        fail(expected, got[0].text, code, got[0].where)


@check(
    "recv.invalid-utf8",
    points=0.5,
    needs=("recv.one",),
    requirement=say("a text that is not UTF-8 is a ValueError"),
)
def recv_invalid_utf8(trace: Trace) -> Text:
    names = parts(trace)
    for name in names:
        expected = say("ValueError for a message of the bytes {hex}", hex=name)
        got = answers(trace, name)
        if not got:
            still = stopped(trace, name)
            fail(expected, still.text, None, still.where)
        if not got[0].is_a("ValueError"):
            fail(expected, got[0].text, _unrefused_text(got[0], bytes.fromhex(name)), got[0].where)
    return say("{n} broken texts were refused", n=len(names))


def _unrefused_text(outcome: Outcome, raw: bytes) -> str | None:
    if not outcome.value:
        return other_exception(outcome)
    if any(outcome.value.same(value_of(raw.decode(name, "backslashreplace"))) for name in ("gbk", "latin-1")):
        return "other-encoding"
    return {"str": "decode-errors-hidden", "none": "swallows-errors"}.get(outcome.value.kind)


@check(
    "recv.leaves-open",
    case="recv.end-between",
    points=0.25,
    needs=("recv.one",),
    requirement=say("recv_message leaves the socket open"),
)
def recv_leaves_open(trace: Trace) -> Text:
    expected = say("the socket can be used after recv_message has returned")
    for name, calls in (("at once", 1), ("after one", 2)):
        got = answers(trace, name)
        closed = next((o for o in got if used_closed(o)), None)
        if closed:
            fail(expected, closed.text, "closes-socket", closed.where)
        arrived = trace.first(Flow, conn=name, direction="received")
        if not arrived and sum(o.value is not None for o in got) == calls:
            actual = say("after the peer's end it was closed: a byte sent through it did not arrive")
            fail(expected, actual, "closes-socket")
    return say("it was used again afterwards")


@check(
    "recv.next-socket",
    severity=SHOULD,
    points=0.25,
    needs=("recv.glued",),
    requirement=say("what was left over of one connection is not taken for the beginning of a later one"),
)
def recv_next_socket(trace: Trace) -> Text:
    for i, conn in enumerate(("a", "second")):
        told, got = trace.first(Told, conn=conn), answers(trace, "a")
        if told is None or len(got) <= i:
            still = stopped(trace, "a")
            fail(say("a message from each of two connections"), still.text, "shared-buffer" if i else None, still.where)
        if not gave(got[i], told.value):
            expected = say("{value} from connection {n} of two, one after the other", value=told.value.shown, n=i + 1)
            fail(expected, got[i].text, "shared-buffer" if i else None, got[i].where)
    return say("each connection gave its own message")


@check(
    "recv.two-sockets",
    severity=BONUS,
    points=1,
    needs=("recv.glued", "recv.payload-split"),
    requirement=say("two sockets can be read at the same time, and nothing passes from one to the other"),
)
def recv_two_sockets(trace: Trace) -> Text:
    if not connected(trace, "fast"):
        unconnected(trace)
    slow, fast = (trace.of(Told, conn=c)[0].value for c in ("slow", "fast"))
    rest = trace.first(Marked)
    early = [e.value for e in trace.of(Returned) if rest and e.at < rest.at]
    _expect_among(early, fast, say("{value} while the other message is not yet whole", value=fast.shown), slow)
    _expect_among([e.value for e in trace.of(Returned)], slow, say("then {value}", value=slow.shown), fast)
    return say("each socket gave its own message")


def _expect_among(values: list[Value], wanted: Value, expected: Text, other: Value) -> None:
    if not any(v.same(wanted) for v in values):
        mixed = any(not v.same(other) for v in values)
        actual = say("what was returned: {values}", values=", ".join(v.shown for v in values) or "–")
        fail(expected, actual, "shared-buffer" if mixed else None)
