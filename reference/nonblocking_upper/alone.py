"""The checks of listening, and of one client alone."""

from __future__ import annotations

from grader.analysis import serving
from grader.analysis.dialogue import Turn, last_words, streams, turns
from grader.checks import check, fail
from grader.model import Ended, Finished, Text, Trace, say

from .readings import MODULES, died_of, program, streamed, upper, uppered, waits_in


@check("listen.starts", points=0.5, requirement=say("serve opens a port and goes on listening"))
def starts(trace: Trace) -> Text:
    return serving.starts(program(trace, "one"))


@check(
    "listen.arguments",
    points=0.5,
    case="listen.starts",
    needs=("listen.starts",),
    requirement=say("it listens on the host and the port that serve is given, and nowhere else"),
)
def arguments(trace: Trace) -> Text:
    return serving.listens_as_told(program(trace, "one"), program(trace, "two"))


# --- one client -----------------------------------------------------------------------------------------------------


@check(
    "upper.one",
    points=1,
    case="upper.messages",
    needs=("listen.arguments",),
    requirement=say("what a client sends comes back in capitals at once, without waiting for a line end or the end"),
)
def one(trace: Trace) -> Text:
    n = uppered(trace, "a", 1, _unanswered(trace, "closes-before-reply"))
    return say("{n} bytes came back in capitals", n=n)


@check(
    "upper.three-messages",
    points=0.5,
    case="upper.messages",
    needs=("upper.one",),
    requirement=say("one connection carries any number of messages"),
)
def three_messages(trace: Trace) -> Text:
    uppered(trace, "a", 3, _unanswered(trace, "one-message-per-connection"))
    return say("three messages came back on one connection")


def _unanswered(trace: Trace, closed: str) -> dict[str, str]:
    silent = "waits-for-more"
    if waits_in(trace, "accept"):
        silent = "listening-socket-blocking"
    return {
        "silent": silent,
        "closed": closed,
        "short": "waits-for-more",
        "cut": closed,
        "other": "not-upper",
        "raised": "would-block-uncaught" if died_of(trace, "BlockingIOError") else "",
    }


@check(
    "clients.fin-prompt",
    points=0.5,
    case="upper.messages",
    needs=("upper.three-messages",),
    requirement=say("when the client has ended, the server closes the connection too"),
)
def fin_prompt(trace: Trace) -> Text:
    ended, server = trace.first(Ended, conn="a"), program(trace)
    expected = say("the connection is closed after the client's FIN, and not one byte more comes")
    if not trace.of(Finished, conn="a") or not ended:
        fail(expected, server.because(say("the connection stays open")), "never-closes", server.place())
    seen = streams(trace, "a")
    if seen.got != seen.sent:
        fail(expected, say("{k} bytes came back for {n}", k=seen.got, n=seen.sent), "not-upper")
    return say("it was closed after the client's FIN")


@check(
    "upper.long-stream",
    points=0.5,
    needs=("upper.one",),
    requirement=say("messages longer than one recv and a stream of 1 MiB come back whole"),
)
def long_stream(trace: Trace) -> Text:
    once = "single-recv"
    uppered(trace, "a", 4, {"cut": once, "short": once, "silent": once, "closed": "one-message-per-connection"})
    return streamed(trace, "a", once)


@check(
    "upper.any-bytes",
    points=1,
    needs=("upper.three-messages",),
    requirement=say("only the letters a to z are changed, all other bytes come back as they are, cut in any way"),
)
def any_bytes(trace: Trace) -> Text:
    bad = next((t for t in turns(trace, "a", upper) if t.symptom), Turn())
    code = "not-upper"
    if "Unicode" in last_words(trace, "server", MODULES).error:
        code = "decodes-bytes"
    elif not bad.due.isascii():
        code = "upper-of-text" if bad.got else "decodes-bytes"
    elif bad.due == b"Q" and bad.symptom != "other":
        code = "word-ends-it"
    n = uppered(trace, "a", 17, dict.fromkeys(("silent", "closed", "short", "cut", "other"), code))
    return say("{n} bytes of every kind came back", n=n)
