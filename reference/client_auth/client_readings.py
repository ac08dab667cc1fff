"""How the checks of the client read one conversation.

Our server goes on whatever the digest was, so that one wrong byte does not hide all others: what the client was to send
(Flow "due") is compared with what came, and what chat returned with what it was to return (Told).
"""

from __future__ import annotations

from typing import NoReturn

from grader.analysis.calls import answers, connected, stopped
from grader.analysis.flows import begins, first_difference, flow, same_bytes
from grader.analysis.outcomes import Outcome
from grader.checks import Unclear, fail
from grader.model import Ended, Flow, Sent, Text, Told, Trace, Value, say
from grader.wire.challenge import SIZE, answer

from .readings import secret_of


def asked_of(trace: Trace, conn: str) -> bytes:
    """The challenge that our side sent on a connection."""
    return b"".join(e.data for e in trace.of(Sent, conn=conn))[:SIZE]


def chatted(trace: Trace, run: str = "a", likely: str | None = None) -> Text:
    """The digest and all lines came, and all answers were returned. likely: the mistake that this case is about."""
    due, came = flow(trace, run, "due"), flow(trace, run, "received")
    told = trace.first(Told, conn=run)
    if told is None or not connected(trace, run):
        raise Unclear(say("the student's side did not connect"))
    if not begins(due, came):
        _other_bytes(trace, run, due, came, likely)
    got, expected = answers(trace, run), say("it returns {value}", value=told.value.shown)
    if not got:
        still = stopped(trace, run)
        gone = trace.of(Ended, conn=run) != ()
        fail(expected, still.text, likely or (_why_waiting(due, came, gone) if still.quiet else None), still.where)
    value = got[0].value
    if value is None:
        fail(expected, got[0].text, _why_raised(got[0]) or likely, got[0].where)
    if not same_items(value, told.value):
        fail(expected, got[0].text, _why_other(value, told.value) or likely)
    if not same_bytes(due, came):
        fail(say("{n} bytes are sent", n=due.size), say("only {n} bytes came", n=came.size), likely)
    return say("{n} answers were returned as they came", n=told.value.size)


def _why_waiting(due: Flow, came: Flow, gone: bool) -> str:
    if gone and came.size < due.size:
        return "one-connection-per-line"
    if came.size == SIZE < due.size:
        return "waits-for-welcome"
    return "waits-for-more-answer" if came.size < due.size else "never-ends"


def _other_bytes(trace: Trace, run: str, due: Flow, came: Flow, likely: str | None) -> NoReturn:
    at = first_difference(due, came)
    if at < SIZE:
        asked, secret = asked_of(trace, run), secret_of(trace)
        part = next((k for k in range(SIZE) if came.head.startswith(answer(secret, asked[:k]))), None)
        expected = say("the digest {digest}", digest=due.head[:SIZE].decode())
        if part is not None:
            actual = say("the digest of only {k} of the {n} bytes of the challenge", k=part, n=SIZE)
            fail(expected, actual, likely if likely == "decodes-challenge" else "challenge-in-one-recv")
        fail(expected, say("it sent {data}", data=repr(came.head[:SIZE])), likely)
    expected = say("{n} bytes, from byte {at} on: {data}", n=due.size, at=at, data=repr(due.head[at : at + 20]))
    actual = say("{n} bytes, from byte {at} on: {data}", n=came.size, at=at, data=repr(came.head[at : at + 20]))
    fail(expected, actual, _why_other_lines(due.head, came.head, at) or likely)


def _why_other_lines(due: bytes, came: bytes, at: int) -> str | None:
    """The mistake that what came in place of the lines, from byte `at` on, speaks for."""
    if came[at : at + 1] in (b"\r", b"\n", b"\0") or (came.startswith(due) and len(came) > len(due)):
        return "adds-bytes"
    text = due[SIZE:].decode(errors="ignore")[:4]
    others = [text.encode(name, "replace") for name in ("gbk", "utf-16", "utf-16-le")]
    return "other-encoding" if any(came[SIZE:].startswith(other) for other in others) else None


def same_items(value: Value, told: Value) -> bool:
    """A list or a tuple of the same answers."""
    alike = zip(value.items, told.items, strict=False)
    return value.kind in ("list", "tuple") and value.size == told.size and all(a.same(b) for a, b in alike)


def _why_other(value: Value, told: Value) -> str | None:
    if value.kind == "none":
        return "returns-nothing"
    if value.size == told.size and {item.kind for item in value.items} == {"bytes"}:
        return "returns-bytes"
    return None


def _why_raised(outcome: Outcome) -> str | None:
    return "exits-program" if outcome.is_a("SystemExit") else None


def only(trace: Trace, run: str) -> Outcome | None:
    """What became of the call of chat; None where nothing did before our side had to move on."""
    if not connected(trace, run):
        raise Unclear(say("the student's side did not connect"))
    return next(iter(answers(trace, run)), None)
