"""The checks of the server: what becomes of the words of those who were let in, one at a time and many at once."""

from __future__ import annotations

from grader.analysis import serving
from grader.analysis.dialogue import Turn, last_words, turns
from grader.analysis.flows import flow
from grader.checks import SHOULD, Unclear, check, fail
from grader.model import Busy, Connected, Ended, Finished, Text, Trace, say
from grader.wire.challenge import SIZE

from .readings import SERVER, inside, let_in_at_once, opening, program, served

CROWDED = {"silent": "too-few-workers", "closed": "too-few-workers", "other": "shared-state"}


@check(
    "server.messages",
    points=0.5,
    needs=("server.accepts",),
    requirement=say("one connection carries any number of messages"),
)
def messages(trace: Trace) -> Text:
    gone = "one-message-per-connection"
    table = {"closed": gone, "silent": gone, "short": "waits-for-more", "other": "changes-bytes"}
    served(trace, "a", 3, table)
    return say("three messages came back on one connection")


@check(
    "server.fin",
    points=0.25,
    case="server.messages",
    needs=("server.messages",),
    requirement=say("when the client has ended, the server closes the connection too"),
)
def fin(trace: Trace) -> Text:
    server, ended = program(trace), trace.first(Ended, conn="a")
    expected = say("the connection is closed after the client's FIN, and not one byte more comes")
    if not trace.of(Finished, conn="a") or not ended:
        code, where = ("spin-on-eof", server.place()) if trace.of(Busy) else ("never-closes", None)
        fail(expected, server.because(say("the connection stays open")), code, where)
    served(trace, "a", 3, {"other": "changes-bytes"})
    return say("it was closed after the client's FIN")


@check(
    "server.any-bytes",
    points=0.5,
    needs=("server.messages",),
    requirement=say("only a to z become capitals; every other byte comes back as it is, cut and glued in any way"),
)
def any_bytes(trace: Trace) -> Text:
    seen = turns(inside(trace, "a"), "a", bytes.upper)
    bad = next((t for t in seen if t.symptom), Turn())
    code = "changes-bytes"
    if "Unicode" in last_words(trace, "server", SERVER).error or not bad.due.isascii():
        code = "decodes-bytes"
    elif bad.due == b"Q" and bad.symptom != "other":
        code = "word-ends-it"
    symptoms = ("silent", "closed", "short", "cut", "other", "raised")
    n = served(trace, "a", 13, dict.fromkeys(symptoms, code))
    return say("{n} bytes of every kind came back", n=n)


@check(
    "server.long-stream",
    points=0.5,
    needs=("server.messages",),
    requirement=say("messages longer than one recv, and a quarter of a MiB, come back whole"),
)
def long_stream(trace: Trace) -> Text:
    table = dict.fromkeys(("cut", "short"), "single-recv-1024")
    served(trace, "a", 3, {**table, "silent": "waits-for-more", "closed": "one-message-per-connection"})
    return serving.streamed(program(trace), "a", "single-recv-1024", "changes-bytes", "due")


@check(
    "server.half-close",
    points=0.5,
    needs=("server.fin",),
    requirement=say("after the client's FIN the rest is still sent, and only then the connection is closed"),
)
def half_close(trace: Trace) -> Text:
    for conn in ("a", "b"):
        _rest_came(trace, conn)
    return say("all of both answers came back, and then FIN")


def _rest_came(trace: Trace, conn: str) -> None:
    server, ended = program(trace), trace.first(Ended, conn=conn)
    if not trace.of(Connected, conn=conn):
        raise Unclear(say("there is no reading of this: {what}", what=say("an answer to client {conn}", conn=conn)))
    due, came = flow(trace, conn, "due").size, flow(trace, conn, "received").size
    expected = say("all {n} bytes, then FIN", n=due)
    if not ended:
        actual = server.because(say("{k} of {n} bytes came back, and no end", k=came, n=due))
        fail(expected, actual, "never-closes", server.place())
    if came < due:
        end = "FIN" if ended.how == "fin" else "RST"
        actual = say("only {k} of {n} bytes came back before {end}", k=came, n=due, end=end)
        fail(expected, actual, "closes-before-reply", server.place())
    serving.streamed(server, conn, "closes-before-reply", "changes-bytes", "due")


# --- several clients ------------------------------------------------------------------------------------------------


@check(
    "server.silent",
    points=1.25,
    needs=("server.accepts",),
    requirement=say("clients that owe their digest, and one that was let in and is silent, delay nobody"),
)
def silent(trace: Trace) -> Text:
    serial = dict.fromkeys(("silent", "refused"), "serial-server")
    served(trace, "quiet", 1, {})
    served(trace, "b", 1, serial, say("while another client was let in and is silent"))
    _served_meanwhile(trace, "c", ("mute", "half"), "serial-server")
    table = {"silent": "shared-state", "other": "shared-state", "closed": "idle-cut-off"}
    served(trace, "quiet", 2, table, say("after another client was served"))
    return say("two clients were served while others were silent")


def _served_meanwhile(trace: Trace, conn: str, others: tuple[str, ...], code: str) -> None:
    """A client was served while these owed their digest, and not only when the server had got rid of them."""
    about = say("while {n} other clients owe their digest", n=len(others))
    for other in (*others, conn):
        if len(opening(trace, other)) < SIZE:
            served(trace, other, 1, dict.fromkeys(("silent", "refused"), code), about)
    served(trace, conn, 1, dict.fromkeys(("silent", "refused"), code), about)
    if gone := [name for name in others if trace.of(Ended, conn=name)]:
        expected = say("a client is served at once, whoever else owes a digest")
        fail(expected, say("it was served only when {n} others had been cut off", n=len(gone)), code)


@check(
    "server.side-by-side",
    points=0.5,
    needs=("server.silent",),
    requirement=say("each client is judged by its own challenge, also where another one is asked in between"),
)
def side_by_side(trace: Trace) -> Text:
    table = dict.fromkeys(("closed", "silent"), "shared-challenge")
    for n, conn in enumerate(("first", "second"), 1):
        about = say("two clients were asked before either answered; client {n} of the two", n=n)
        served(trace, conn, 1, table, about)
    return say("two clients that were asked at the same time were both let in")


@check(
    "server.slow",
    points=0.25,
    severity=SHOULD,
    needs=("server.silent", "server.digest-glued"),
    requirement=say("twenty clients that owe their digest, or its last character, delay nobody"),
)
def slow(trace: Trace) -> Text:
    _served_meanwhile(trace, "b", tuple(f"slow {number}" for number in range(1, 21)), "too-few-workers")
    return say("a client was served while 20 owed their digest")


@check(
    "server.crowd",
    points=0.25,
    severity=SHOULD,
    needs=("server.side-by-side", "server.slow"),
    requirement=say("five hundred clients can be connected at the same time, and each is let in and served"),
)
def crowd(trace: Trace) -> Text:
    let_in_at_once(trace)
    n = serving.crowd_served(program(trace), "turns served", 500, CROWDED, bytes.upper)
    return say("{n} clients were connected at once and served", n=n)


# --- clients that are no friends ------------------------------------------------------------------------------------

VANISHED = dict.fromkeys(("silent", "closed", "refused", "raised", "exited"), "vanished-client-kills")


@check(
    "server.early-close",
    points=0.25,
    needs=("server.accepts",),
    requirement=say("a client that connects and leaves without a word harms nobody"),
)
def early_close(trace: Trace) -> Text:
    served(trace, "friend", 1, {**VANISHED, "returned": "ends-with-its-client"}, say("after a client came and left"))
    return say("the next client was served")


@check(
    "server.reset-idle",
    points=0.25,
    needs=("server.accepts",),
    requirement=say("a client that breaks off (RST), before its digest or after it, harms nobody"),
)
def reset_idle(trace: Trace) -> Text:
    served(trace, "friend", 1, VANISHED, say("after a client broke off before its digest"))
    served(trace, "another friend", 1, VANISHED, say("after a client that was let in broke off"))
    return say("the next client was served, both times")


@check(
    "server.reset-midway",
    points=0.25,
    needs=("server.accepts",),
    requirement=say("a client that breaks off in the middle of its digest, or of its words, harms nobody"),
)
def reset_midway(trace: Trace) -> Text:
    served(trace, "friend", 1, VANISHED, say("after a client broke off in the middle of its digest"))
    served(trace, "another friend", 1, VANISHED, say("after a client broke off in the middle of its words"))
    return say("the next client was served, both times")


@check(
    "server.deaf-neighbour",
    points=0.25,
    case="server.broken-pipe",
    needs=("server.long-stream", "server.silent"),
    requirement=say("a client that sends and does not read delays nobody"),
)
def deaf_neighbour(trace: Trace) -> Text:
    about = say("while another client sends and does not read")
    served(trace, "neighbour of the rude one", 1, dict.fromkeys(("silent", "refused"), "one-lock-for-all"), about)
    return say("a client was served while another did not read")


@check(
    "server.broken-pipe",
    points=0.25,
    needs=("server.deaf-neighbour",),
    requirement=say("a client that breaks off while the server sends to it harms nobody"),
)
def broken_pipe(trace: Trace) -> Text:
    served(trace, "friend", 1, VANISHED, say("after a client broke off while it was sent to"))
    return say("the next client was served")
