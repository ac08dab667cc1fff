"""The checks of the client: how it takes a refusal, a server that vanishes, and one that lies."""

from __future__ import annotations

from typing import NoReturn

from grader.analysis.calls import answers, spinning, stopped
from grader.analysis.flows import flow
from grader.analysis.outcomes import Outcome
from grader.checks import SHOULD, Unclear, check, fail
from grader.model import Text, Trace, say
from grader.wire.challenge import SIZE

from .client_readings import only
from .server_upkeep import unsaid

ENDS = {
    "FIN": say("the server ends (FIN)"),
    "closed": say("the server closes the connection"),
    "RST": say("the server cuts the connection (RST)"),
}


@check(
    "client.refused",
    points=1,
    needs=("client.chat",),
    requirement=say("a server that ends after the digest has refused: PermissionError"),
)
def client_refused(trace: Trace) -> Text:
    for run, how in ENDS.items():
        expected = say("PermissionError, where {how} after the digest", how=how)
        outcome = only(trace, run)
        if outcome is None:
            _stuck(trace, run, expected)
        if outcome.raised is None:
            fail(expected, outcome.text, "goes-on-after-refusal")
        if not outcome.is_a("PermissionError"):
            code = "exits-program" if outcome.is_a("SystemExit") else "refusal-unsaid"
            fail(expected, outcome.text, code, outcome.where)
    return say("PermissionError in all {n} cases", n=len(ENDS))


@check(
    "client.silent-when-refused",
    points=0.25,
    case="client.refused",
    needs=("client.refused",),
    requirement=say("once refused it says no more than the line that it could not know to be one too many"),
)
def client_silent_when_refused(trace: Trace) -> Text:
    due, came = flow(trace, "FIN", "due"), flow(trace, "FIN", "received")
    most = SIZE + len(b"hello")
    if came.size < SIZE:
        raise Unclear(say("the student's side did not connect"))
    if came.size > most:
        expected = say("at most the digest and the first line: {n} bytes", n=most)
        after = due.head[most : came.size] or came.head[most:]
        actual = say("{n} bytes came, also {data}", n=came.size, data=repr(after[:30]))
        fail(expected, actual, "goes-on-after-refusal")
    return say("{n} bytes came: the digest, and at most one line", n=came.size)


@check(
    "client.lost",
    points=0.5,
    needs=("client.chat",),
    requirement=say("a server that ends after an answer is lost: an OSError, but no PermissionError"),
)
def client_lost(trace: Trace) -> Text:
    for run in ("FIN", "RST"):
        expected = say("an OSError, where {how} after the first answer", how=ENDS[run])
        outcome = only(trace, run)
        if outcome is None:
            _stuck(trace, run, expected)
        _must_be_os_error(outcome, expected, "loss-unnoticed")
        if outcome.is_a("PermissionError"):
            fail(expected, outcome.text, "loss-as-refusal", outcome.where)
    return say("an OSError, both times")


@check(
    "client.cut-answer",
    points=0.5,
    needs=("client.chat",),
    requirement=say("a server that ends in the middle of an answer is lost: an OSError, and half an answer is none"),
)
def client_cut_answer(trace: Trace) -> Text:
    expected = say("an OSError, where the server ends after 5 of 12 bytes")
    outcome = only(trace, "a")
    if outcome is None:
        _stuck(trace, "a", expected)
    _must_be_os_error(outcome, expected, "short-answer")
    return outcome.text


@check(
    "client.short-challenge",
    points=0.5,
    needs=("client.digest",),
    requirement=say("a server that ends before its challenge is whole gets no digest: ConnectionError"),
)
def client_short_challenge(trace: Trace) -> Text:
    for run, what in (
        ("31 bytes", say("after 31 bytes and FIN")),
        ("0 bytes", say("after FIN and no byte at all")),
        ("broken off", say("after 10 bytes and RST")),
    ):
        expected = say("ConnectionError and nothing sent, {when}", when=what)
        outcome, came = only(trace, run), flow(trace, run, "received")
        if came.size:
            actual = say("{n} bytes were sent: {data}", n=came.size, data=repr(came.head[:40]))
            fail(expected, actual, "hashes-short-challenge")
        if outcome is None:
            _stuck(trace, run, expected)
        if not outcome.is_a("ConnectionError"):
            code = "unasked-refusal" if outcome.is_a("PermissionError") else None
            fail(expected, outcome.text, code, outcome.where)
    return say("ConnectionError in all {n} cases", n=3)


@check(
    "client.no-server",
    points=0.25,
    severity=SHOULD,
    needs=("client.digest",),
    requirement=say("where nobody listens the OSError of connect reaches the caller"),
)
def client_no_server(trace: Trace) -> Text:
    got, expected = answers(trace, "a"), say("an OSError")
    if not got:
        _stuck(trace, "a", expected)
    _must_be_os_error(got[0], expected, "swallows-errors")
    return got[0].text


@check(
    "client.secret-kept",
    points=0.25,
    severity=SHOULD,
    needs=("client.digest",),
    requirement=say("the secret itself is never sent and never printed"),
)
def client_secret_kept(trace: Trace) -> Text:
    return unsaid(trace)


def _must_be_os_error(outcome: Outcome, expected: Text, code: str) -> None:
    if not outcome.is_a("OSError"):
        code = "exits-program" if outcome.is_a("SystemExit") else code if outcome.raised is None else ""
        fail(expected, outcome.text, code or None, outcome.where)


def _stuck(trace: Trace, run: str, expected: Text) -> NoReturn:
    """It neither returned nor raised, although our side had ended."""
    still = stopped(trace, run)
    fail(expected, still.text, "spins-on-end" if spinning(trace, run) else None, still.where)
