"""How the checks of `framing` read a trace: answers, standstills, and the mistake that fits a wrong answer.

Rule for the names of mistakes: a mistake is named where what was seen tells it from all others, or where the checks
that this one needs have ruled the others out. In doubt none is named; expected and actual then speak for themselves.
"""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from typing import NoReturn

from grader.analysis.calls import answers, stopped, used_closed
from grader.analysis.outcomes import Outcome
from grader.checks import fail
from grader.model import Raised, Returned, Sent, Text, Told, Trace, Value, say
from grader.wire.frames import HEADER, LIMIT
from grader.wire.payload import SHOWN, value_of

OPEN = b"!"  # what the driver sends last, to show that the socket is still open


def gave(outcome: Outcome, told: Value) -> bool:
    return outcome.value is not None and outcome.value.same(told)


def all_come_back(trace: Trace, likely: str | None = None, run: str = "a") -> Text:
    """Every message that was told on this connection came out of recv_message, in order.

    likely: the mistake that this case is about; it is named where it fits and nothing speaks for another one.
    """
    told, got = trace.of(Told, conn=run), answers(trace, run)
    for i, message in enumerate(told):
        if i >= len(got) or not gave(got[i], message.value):
            expected = say("message {i} of {n}: {value}", i=i + 1, n=len(told), value=message.value.shown)
            fail_message(trace, run, i, expected, likely)
    return say("{n} of {n} messages came back whole", n=len(told))


def fail_message(trace: Trace, run: str, i: int, expected: Text, likely: str | None) -> NoReturn:
    """Message i of a run is missing or wrong."""
    got, told = answers(trace, run), [t.value for t in trace.of(Told, conn=run)]
    if i >= len(got):
        still = stopped(trace, run)
        fail(expected, still.text, likely if still.quiet else None, still.where)
    value = got[i].value
    if value is None:
        code = _why_raised(got[i], told, i, likely, _read_on(trace, run, i))
        fail(expected, got[i].text, code, got[i].where)
    code = _why_wrong(value, told, i, likely)
    if code is None and _begins(value, told[i], doubt=likely is None):
        actual = say("it returned the first {k} of {n} bytes: {value}", k=value.size, n=told[i].size, value=value.shown)
        fail(expected, actual, _short(likely) or "single-recv")
    fail(expected, got[i].text, code or likely)


def told_by(outcome: Outcome) -> str | None:
    """The mistake that an exception tells of by its class, wherever it comes."""
    message = outcome.raised.message if outcome.raised else ""
    if used_closed(outcome):
        return "closes-socket"
    if outcome.is_a("EOFError") and "reading a line" in message:
        return "asks-a-person"
    return next((code for name, code in TOLD_BY.items() if outcome.is_a(name)), None)


TOLD_BY = {"RecursionError": "recursion", "SystemExit": "ends-the-interpreter"}


def other_exception(outcome: Outcome) -> str | None:
    """The mistake of an exception in place of the one that the README names. One that is an accident has no name."""
    return told_by(outcome) or ("other-exception" if outcome.chosen or outcome.is_a("EOFError") else None)


def _read_on(trace: Trace, run: str, i: int) -> bool:
    """At least two pieces of message i had been read when its answer came: after the first, more was asked for."""
    start, end = (sum(HEADER + t.value.size for t in trace.of(Told, conn=run)[:n]) for n in (i, i + 1))
    answered = [e.at for e in trace.events if isinstance(e, Returned | Raised) and e.run == run][i]
    ends = accumulate(s.size for s in trace.of(Sent, conn=run) if s.at < answered)
    return sum(start < e <= end for e in ends) >= 3  # the last of them may not have been read


def _why_raised(outcome: Outcome, told: list[Value], i: int, likely: str | None, read_on: bool = False) -> str | None:
    """The mistake that an exception in place of message i speaks for."""
    message = outcome.raised.message if outcome.raised else ""
    if code := told_by(outcome):
        return code
    if outcome.is_a("UnicodeDecodeError"):
        if "'utf-8' codec" not in message:
            return "other-encoding"
        return "decode-per-chunk" if likely == "single-recv" and i > 0 else likely  # those before were cut as well
    if outcome.is_a("TimeoutError"):
        return "own-time-out"
    if outcome.is_a("struct.error"):
        return "over-read" if likely == "single-recv" and read_on else _short(likely) or "single-recv"
    if outcome.is_a("ConnectionError", "EOFError"):
        return (_short(likely) or "single-recv") if told[i].size else "empty-is-eof"
    return "limit-off-by-one" if outcome.is_a("ValueError") and told[i].size == LIMIT else None


def _short(likely: str | None) -> str | None:
    """The mistake where less than the whole was taken for the whole, or for the end, although the peer goes on."""
    return "single-recv" if likely == "over-read" else likely


def _why_wrong(value: Value, told: list[Value], i: int, likely: str | None) -> str | None:
    """The mistake that a wrong value in place of message i speaks for."""
    if value.kind == "bytes":
        return "returns-bytes"
    if value.kind == "none":
        return _short(likely) if told[i].size else "empty-is-eof"
    if value.size and any(value.same(t) for t in told[i + 1 :]):
        return "over-read" if told[i].size else "skips-empty"
    text = _text(told[i])
    if text is None:
        return None
    changes = {"changes-text": CHANGED, "other-encoding": RECODED}
    if likely in ("single-recv", "decode-per-chunk"):
        changes = {"decode-per-chunk": PIECEMEAL, **changes}
    for code, ways in changes.items():
        if any(value.same(value_of(way(text))) for way in ways):
            return code
    longer = value.size > told[i].size > 0 and value.shown.startswith(told[i].shown[:-1])
    beheaded = likely == "single-recv" and any(value.shown[1:].startswith(text[k:]) for k in range(1, len(text) - 1))
    return "over-read" if beheaded or (longer and likely != "length-in-characters") else None


# What becomes of a text by typical mistakes.
Change = Callable[[str], str]
CHANGED: tuple[Change, ...] = (
    str.strip,
    str.rstrip,
    str.lstrip,
    lambda t: t.rstrip("\n"),
    lambda t: t.replace("\r\n", "\n"),
    lambda t: "".join(t.splitlines()),
    lambda t: t.replace("\0", ""),
    lambda t: t.strip("\0"),
    lambda t: t.rstrip("\0"),
    lambda t: t.partition("\0")[0],
    lambda t: t.partition("\n")[0],
    lambda t: t.removeprefix("\ufeff"),
    lambda t: t.replace("\n", "\r\n"),
    partial(unicodedata.normalize, "NFC"),
)
PIECEMEAL: tuple[Change, ...] = (
    lambda t: "".join(c for c in t if c.isascii()),
    lambda t: "".join(c if c.isascii() else "\ufffd" * len(c.encode()) for c in t),
)
RECODED: tuple[Change, ...] = tuple(
    partial(lambda name, errors, t: t.encode().decode(name, errors), name, errors)
    for name in ("gbk", "latin-1", "utf-16-le", "ascii")
    for errors in ("ignore", "replace")
)


def _begins(value: Value, told: Value, doubt: bool) -> bool:
    """The value is a beginning of the message. doubt: do not say so where only the first characters are known."""
    if value.kind != "str" or not 0 < value.size < told.size:
        return False
    whole = value.shown.endswith(("'", '"'))
    return told.shown.startswith(value.shown[:-1] if whole else value.shown[:SHOWN]) and (whole or not doubt)


def _text(told: Value) -> str | None:
    """The whole text of a message of ours, where it was short enough to be kept."""
    return ast.literal_eval(told.shown) if told.shown.endswith(("'", '"')) else None
