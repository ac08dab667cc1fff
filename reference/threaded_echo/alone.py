"""The checks of listening, and of one client alone."""

from __future__ import annotations

from grader.analysis import serving
from grader.analysis.dialogue import Turn, last_words, streams, turns
from grader.checks import SHOULD, check, fail
from grader.model import Busy, Ended, Finished, Reset, Text, Trace, say

from .readings import MODULES, echoed, program, streamed


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
    "echo.one",
    points=1,
    case="echo.messages",
    needs=("listen.arguments",),
    requirement=say("what a client sends comes back at once, without waiting for a line end or the end"),
)
def one(trace: Trace) -> Text:
    table = {
        "silent": "waits-for-more",
        "closed": "closes-before-reply",
        "short": "waits-for-more",
        "other": "strips-or-changes",
    }
    n = echoed(trace, "a", 1, table)
    return say("{n} bytes came back", n=n)


@check(
    "echo.three-messages",
    points=1,
    case="echo.messages",
    needs=("echo.one",),
    requirement=say("one connection carries any number of messages"),
)
def three_messages(trace: Trace) -> Text:
    gone = "one-message-per-connection"
    echoed(trace, "a", 3, {"closed": gone, "silent": gone, "short": "waits-for-more", "other": "strips-or-changes"})
    return say("three messages came back on one connection")


@check(
    "clients.fin-prompt",
    points=0.5,
    case="echo.messages",
    needs=("echo.three-messages",),
    requirement=say("when the client has ended, the server closes the connection too"),
)
def fin_prompt(trace: Trace) -> Text:
    ended = trace.first(Ended, conn="a")
    expected = say("the connection is closed after the client's FIN, and not one byte more comes")
    if not trace.of(Finished, conn="a") or not ended:
        code, where = ("spin-on-eof", program(trace).place()) if trace.of(Busy) else ("never-closes", None)
        fail(expected, program(trace).because(say("the connection stays open")), code, where)
    seen = streams(trace, "a")
    if seen.got != seen.sent:
        actual = say("{k} bytes came back for {n}", k=seen.got, n=seen.sent)
        fail(expected, actual, "strips-or-changes")
    return say("it was closed after the client's FIN")


@check(
    "echo.long-stream",
    points=1,
    needs=("echo.one",),
    requirement=say("messages longer than one recv and a stream of 1 MiB come back whole"),
)
def long_stream(trace: Trace) -> Text:
    table = {"cut": "single-recv-1024", "short": "single-recv-1024", "silent": "waits-for-more"}
    echoed(trace, "a", 4, {**table, "closed": "one-message-per-connection"})
    return streamed(trace, "a", "waits-for-more")


@check(
    "echo.any-bytes",
    points=1.5,
    needs=("echo.three-messages",),
    requirement=say("all 256 values come back unchanged, cut and glued in any way: an echo reads no text"),
)
def any_bytes(trace: Trace) -> Text:
    bad = next((t for t in turns(trace, "a") if t.symptom), Turn())
    code = "strips-or-changes"
    if "Unicode" in last_words(trace, "server", MODULES).error or not _is_utf8(bad.due):
        code = "decodes-bytes"
    elif bad.due == b"q" and bad.symptom != "other":
        code = "word-ends-it"
    n = echoed(trace, "a", 14, dict.fromkeys(("silent", "closed", "short", "cut", "other"), code))
    return say("{n} bytes of every kind came back", n=n)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@check(
    "echo.backpressure",
    points=1,
    needs=("echo.three-messages", "echo.long-stream"),
    requirement=say("a client that first sends all it can, and only then reads, gets everything back"),
)
def backpressure(trace: Trace) -> Text:
    hung_up = trace.first(Ended, conn="a") or trace.first(Reset, conn="a")
    return streamed(trace, "a", "gives-up-sending" if hung_up else "send-not-sendall")


@check(
    "echo.half-close",
    points=1,
    needs=("clients.fin-prompt",),
    requirement=say("after the client's FIN the rest is still sent, and only then the connection is closed"),
)
def half_close(trace: Trace) -> Text:
    seen = streams(trace, "a")
    ended = trace.first(Ended, conn="a")
    expected = say("all {n} bytes, then FIN", n=seen.sent)
    if not ended:
        actual = program(trace).because(say("{k} of {n} bytes came back, and no end", k=seen.got, n=seen.sent))
        fail(expected, actual, "never-closes", program(trace).place())
    if seen.got < seen.sent:
        end = "FIN" if ended.how == "fin" else "RST"
        actual = say("only {k} of {n} bytes came back before {end}", k=seen.got, n=seen.sent, end=end)
        fail(expected, actual, "closes-before-reply", program(trace).place())
    return streamed(trace, "a", "strips-or-changes")


@check(
    "echo.short-io",
    points=1,
    severity=SHOULD,
    needs=("echo.three-messages",),
    requirement=say("nothing is lost where every recv and send moves only a few bytes, as the system may do"),
)
def short_io(trace: Trace) -> Text:
    code = "send-not-sendall"
    for most in (7, 1):
        echoed(trace, f"cap {most}", 2, {"short": code, "silent": code, "cut": code, "other": code})
    return say("everything came back with at most 7 bytes, and with 1 byte, a call")
