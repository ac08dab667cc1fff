"""The checks of send_message: the bytes that are due against those that came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, NoReturn

from grader.analysis.calls import answers, connected, stopped, unconnected
from grader.analysis.flows import first_difference, flow, same_bytes
from grader.analysis.outcomes import Outcome, outcomes
from grader.checks import SHOULD, Unclear, check, fail
from grader.model import (
    Flow,
    Text,
    Trace,
    say,
)
from grader.wire.frames import HEADER, LIMIT
from grader.wire.payload import SHOWN

from .readings import CHANGED, OPEN, other_exception, told_by

ENCODINGS = ("gbk", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "ascii")


@check(
    "send.one",
    points=0.5,
    requirement=say("send_message sends the length in 4 bytes, then the text, and nothing else"),
)
def send_one(trace: Trace) -> Text:
    return _sent_as_due(trace)


@check(
    "send.byte-length",
    points=1,
    needs=("send.one",),
    requirement=say("the length counts bytes: 你好 goes out with the length 6 and as six bytes"),
)
def send_byte_length(trace: Trace) -> Text:
    return _sent_as_due(trace)


@check(
    "send.large",
    points=0.5,
    needs=("send.one",),
    requirement=say("messages of 64 KiB and of 1 MiB go out whole"),
)
def send_large(trace: Trace) -> Text:
    return _sent_as_due(trace, "lost-piece")


@check(
    "send.stalled-reader",
    points=1,
    needs=("send.one",),
    requirement=say("a slow reader and a socket with a time-out lose no byte of 8 MiB"),
)
def send_stalled_reader(trace: Trace) -> Text:
    return _sent_as_due(trace, "send-not-sendall")


@check(
    "send.empty",
    points=0.5,
    needs=("send.one",),
    requirement=say("an empty text goes out as a frame of length 0"),
)
def send_empty(trace: Trace) -> Text:
    return _sent_as_due(trace, "no-header")


@check(
    "send.too-long",
    points=0.5,
    needs=("send.one",),
    requirement=say("a text of more than 1,048,576 bytes is a ValueError, and nothing of it is sent"),
)
def send_too_long(trace: Trace) -> Text:
    for name, expected in (
        ("ascii", say("ValueError for a text of {n} ASCII characters", n=LIMIT + 1)),
        ("chinese", say("ValueError for a text of {n} Chinese characters", n=LIMIT // 3 + 1)),
    ):
        if not connected(trace, name):
            unconnected(trace, name)
        got, came = outcomes(trace, name), flow(trace, name, "received")
        refused = bool(got) and got[0].is_a("ValueError")
        if came.head not in (b"", OPEN):
            code = "sends-before-check" if refused else _why_sent(came, name, trace.options["byte_order"])
            fail(expected, _went_out(came), code, got[0].where if got else None)
        if not got:
            fail(expected, stopped(trace, name).text)
        if not refused:
            fail(expected, got[0].text, "swallows-errors" if got[0].value else other_exception(got[0]), got[0].where)
    return say("refused before anything was sent")


def _went_out(came: Flow) -> Text:
    most = 4096  # our peer reads no further
    return say("{n} bytes went out", n=came.size) if came.size <= most else say("more than {n} bytes went out", n=most)


def _why_sent(came: Flow, name: str, order: str) -> str | None:
    """A text above the limit went out. Three bytes a character: was it the characters that were counted?"""
    length = int.from_bytes(came.head[:HEADER], _order(order), signed=True)
    if name == "ascii":
        return "sends-too-much"
    return "limit-in-characters" if length == 3 * (LIMIT // 3 + 1) else None


@check(
    "send.text-exact",
    points=0.25,
    needs=("send.byte-length",),
    requirement=say("NUL, line ends, blanks and any other character go out unchanged"),
)
def send_text_exact(trace: Trace) -> Text:
    return _sent_as_due(trace)


@check(
    "send.random",
    points=0.25,
    needs=("send.one",),
    requirement=say("1000 random messages go out whole and in order"),
)
def send_random(trace: Trace) -> Text:
    return _sent_as_due(trace)


@check(
    "send.leaves-open",
    case="send.one",
    points=0.25,
    needs=("send.one",),
    requirement=say("send_message leaves the socket open"),
)
def send_leaves_open(trace: Trace) -> Text:
    if not same_bytes(_dues(trace)[1], flow(trace, "a", "received")):
        fail(say("the socket can still be written to"), say("it was closed after the message"), "closes-socket")
    return say("a byte sent through it afterwards arrived")


@check(
    "send.reset",
    points=0.25,
    severity=SHOULD,
    needs=("send.one",),
    requirement=say("OSError reaches the caller when the peer has gone"),
)
def send_reset(trace: Trace) -> Text:
    for name in ("a", "closed"):
        failed = _failed(trace, name)
    return failed.text


def _failed(trace: Trace, name: str) -> Outcome:
    """The OSError that came when our side had gone."""
    got, expected = answers(trace, name), say("an OSError")
    failed = next((o for o in got if o.raised), None)
    if failed is None:
        still = stopped(trace, name)
        sent = say("it went on for {n} messages after our side had gone, without a word", n=len(got))
        fail(expected, sent if got else still.text, "swallows-errors" if got else None, still.where)
    if not failed.is_a("OSError"):
        fail(expected, failed.text, other_exception(failed), failed.where)
    return failed


# --- reading what came ------------------------------------------------------------------------------------------------


def _sent_as_due(trace: Trace, likely: str | None = None) -> Text:
    """What came is what was due, byte for byte (and the driver's own last byte, or nothing, behind it)."""
    if not connected(trace, "a"):
        unconnected(trace)
    dues, came = _dues(trace), flow(trace, "a", "received")
    failed = next((o for o in outcomes(trace, "a") if o.raised), None)
    if failed:
        fail(_bytes(dues[0], 0), failed.text, _why_unsent(failed, dues[0], came), failed.where)
    if not any(same_bytes(due, came) for due in dues):
        _fail_different(trace, dues[0], came, likely)
    return say("{n} bytes came as they were due", n=dues[0].size)


def _fail_different(trace: Trace, due: Flow, came: Flow, likely: str | None) -> NoReturn:
    """Other bytes came; what is shown begins with the frame in which the first of them stands."""
    if came.head in (b"", OPEN):
        _fail_silent(trace, due, likely)
    at, order = first_difference(due, came), trace.options["byte_order"]
    if at >= len(due.head) < due.size:
        actual = say("{n} bytes, and somewhere behind byte {at} they are not those that were due", n=came.size, at=at)
        fail(say("{n} bytes, in order", n=due.size), actual, _by_size(due, came, likely))
    start, body = next(f for f in reversed(list(_frames(due, order))) if f[0] <= at)
    code = _why_different(due, came, (start, body), order) or _by_size(due, came, likely)
    fail(_bytes(due, start), _other_order(came, start, order) if code == "byte-order" else _bytes(came, start), code)


def _fail_silent(trace: Trace, due: Flow, likely: str | None) -> NoReturn:
    """Not one byte of the frames came."""
    if outcomes(trace, "a"):
        fail(_bytes(due, 0), say("send_message returned, but nothing was sent"), likely)
    still = stopped(trace, "a")
    fail(_bytes(due, 0), say("nothing was sent: {what}", what=still.text), None, still.where)


def _why_unsent(outcome: Outcome, due: Flow, came: Flow) -> str | None:
    """The mistake that an exception from send_message speaks for."""
    if code := told_by(outcome):
        return code
    if outcome.is_a("BrokenPipeError") and came.size <= due.size:
        return "closes-socket"  # by shutdown: our side still reads
    if outcome.is_a("UnicodeEncodeError"):
        return "other-encoding"
    if outcome.is_a("TimeoutError"):
        return "own-time-out"
    only_the_longest_lacks = due.size - came.size == HEADER + LIMIT
    return "limit-off-by-one" if outcome.is_a("ValueError") and only_the_longest_lacks else None


def _why_different(due: Flow, came: Flow, frame: tuple[int, bytes], order: str) -> str | None:
    """Reads what came in place of one frame: which mistake makes such a header, or such a text?"""
    start, body = frame
    head, seen = due.head[start : start + HEADER], came.head[start:]
    size = int.from_bytes(head, _order(order))
    if seen[:HEADER] == head[::-1] != head:
        return "byte-order"
    if not body:
        return "no-header" if came.size < due.size and seen[:HEADER] != head else None
    at = seen.find(body[:8])
    if at == 0:
        return "no-header"
    if at > 0 and re.fullmatch(rb"\s*\d+\s*", seen[:at]):
        return "length-as-digits"
    if at > 0 and at != HEADER and size in (int.from_bytes(seen[:at], "little"), int.from_bytes(seen[:at], "big")):
        return "wrong-width"
    if at != HEADER:
        return _why_other_text(seen, body, order)
    return _why_other_length(int.from_bytes(seen[:HEADER], _order(order), signed=True), body)


def _why_other_length(length: int, body: bytes) -> str | None:
    """The text came after four bytes that are not its length."""
    if length == len(body) + HEADER:
        return "counts-header"
    if length == len(body.decode(errors="ignore")) != len(body):
        return "length-in-characters"
    return "adds-bytes" if length in (len(body) + 1, len(body) + 2) else None


def _why_other_text(seen: bytes, body: bytes, order: str) -> str | None:
    """Another text came; it is read by its own length."""
    text = body.decode(errors="ignore")
    length = int.from_bytes(seen[:HEADER], _order(order), signed=True)
    other = seen[HEADER : HEADER + max(length, 0)]
    if any(other == text.encode(name, "ignore") for name in ENCODINGS):
        return "other-encoding"
    return "changes-text" if any(other == change(text).encode() for change in CHANGED) else None


def _by_size(due: Flow, came: Flow, likely: str | None) -> str | None:
    """Too much or too little. Where all of both is known, it is so little that also send() takes it whole."""
    if max(due.size, came.size) <= SHOWN:
        if came.head.startswith(due.head):
            return "adds-bytes"
        return "lost-piece" if due.head.startswith(came.head.removesuffix(OPEN)) else likely
    more = came.size - len(OPEN) - due.size
    if likely and more > 0:
        return "several-frames" if more % HEADER == 0 else None
    return "lost-piece" if likely and came.size * 2 > due.size else likely  # send() takes next to nothing


def _frames(due: Flow, order: str) -> Iterator[tuple[int, bytes]]:
    """(offset, text) of the frames that begin in the head that was kept; the last text may be cut."""
    at = 0
    while at + HEADER <= len(due.head):
        size = int.from_bytes(due.head[at : at + HEADER], _order(order))
        yield at, due.head[at + HEADER : at + HEADER + size]
        at += HEADER + size


def _order(order: str) -> Literal["little", "big"]:
    return "big" if order == "big" else "little"


def _dues(trace: Trace) -> tuple[Flow, Flow]:
    """What the student's side is to send: without and with the driver's last byte."""
    found = trace.of(Flow, conn="a", direction="due")
    if len(found) != 2:
        raise Unclear(say("the peer did not record what was due"))
    return found[0], found[1]


def _bytes(stream: Flow, start: int) -> Text:
    """How much a flow holds, and its beginning from one frame on."""
    if stream.size <= len(stream.head):  # all of it is known; the driver's byte is not the student's
        stream = replace(stream, size=len(stream.head.removesuffix(OPEN)), head=stream.head.removesuffix(OPEN))
    return say("{n} bytes, from byte {at} on: {hex}", n=stream.size, at=start, hex=_hex(stream, start))


def _other_order(came: Flow, start: int, order: str) -> Text:
    head = came.head[start : start + HEADER]
    return say(
        "{hex}: in the order of the README that is {wrong}; read the other way round it is {right}",
        hex=_hex(came, start),
        wrong=int.from_bytes(head, _order(order), signed=True),
        right=int.from_bytes(head[::-1], _order(order), signed=True),
    )


def _hex(stream: Flow, start: int) -> str:
    shown = stream.head[start : start + 24]
    return shown.hex(" ") + (" …" if stream.size > start + len(shown) else "")
