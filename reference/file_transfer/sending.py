"""The checks of send_file: the file that lay there against the bytes that came."""

from __future__ import annotations

from grader.analysis.calls import connected
from grader.analysis.outcomes import Outcome
from grader.analysis.serving import measured
from grader.checks import SHOULD, Unclear, check, fail
from grader.model import Ended, Exited, Started, Text, Trace, say

from .arriving import all_sent, fail_silent, flow, head_of, parts, read, sent
from .readings import accident, answers, stands, why_raised, why_unanswered

GROWTH = 6  # MiB
ELSEWHERE = (("ConnectionRefusedError", "hard-coded-address"), ("FileNotFoundError", "other-path"))


@check(
    "send.header",
    points=1,
    case="send.one",
    requirement=say(
        "send_file connects and sends a header: its length in 4 bytes, then JSON with filename and filesize"
    ),
)
def send_header(trace: Trace) -> Text:
    for part, name in parts(trace, 1):
        expected = say("a header for {name}", name=repr(name))
        raised = next((o for o in answers(trace, part)[:1] if o.raised), None)
        if not connected(trace, part) or not flow(trace, part, "received").size:
            if raised:
                elsewhere = next((code for name, code in ELSEWHERE if raised.is_a(name)), None)
                fail(expected, raised.text, why_raised(raised, elsewhere), raised.where)
            fail_silent(trace, part, expected)
        read(trace, part)
    return say("the header was {header}", header=head_of(trace, "p01").text.decode("utf-8", "replace")[:200])


@check(
    "send.one",
    points=1,
    needs=("send.header",),
    requirement=say("after the header come exactly the bytes of the file"),
)
def send_one(trace: Trace) -> Text:
    return all_sent(trace, 1)


@check(
    "send.closes",
    points=0.5,
    case="send.one",
    needs=("send.one",),
    requirement=say("after the last byte send_file closes the connection"),
)
def send_closes(trace: Trace) -> Text:
    ended, came = trace.first(Ended, conn="p01"), answers(trace, "p01")
    expected = say("FIN after the last byte")
    if not ended:
        still = stands(trace, "p01")
        if not came:
            fail(expected, still.text, "waits-for-answer" if still.quiet else None, still.where)
        fail(expected, say("send_file has returned, and the connection is still open"), "never-closes")
    if ended.how != "fin":
        fail(expected, say("the connection was reset"), "never-closes")
    return say("FIN came after the last byte")


@check(
    "send.byte-length",
    points=0.25,
    needs=("send.one",),
    requirement=say("the header's length counts bytes, also with a Chinese file name"),
)
def send_byte_length(trace: Trace) -> Text:
    return all_sent(trace, 1, "length-in-characters")


@check(
    "send.basename",
    points=1,
    needs=("send.closes",),
    requirement=say("the filename is the last part of the path, without its folders"),
)
def send_basename(trace: Trace) -> Text:
    return all_sent(trace, 2, "sends-path", named=True)


@check(
    "send.names",
    points=0.5,
    needs=("send.closes",),
    requirement=say("names with Chinese, emoji, blanks, quotes and dots are sent as they are"),
)
def send_names(trace: Trace) -> Text:
    return all_sent(trace, 15, "changes-name", named=True)


@check(
    "send.sizes",
    points=0.5,
    needs=("send.closes",),
    requirement=say("an empty file and files of 1 to 65,537 bytes are sent whole"),
)
def send_sizes(trace: Trace) -> Text:
    for part, name in parts(trace, 1):
        sent(trace, part, name, "empty-file")
    return all_sent(trace, 7)


@check(
    "send.binary",
    points=0.5,
    needs=("send.one",),
    requirement=say("5 MiB of any bytes are sent unchanged"),
)
def send_binary(trace: Trace) -> Text:
    return all_sent(trace, 1, "text-mode")


@check(
    "send.slow-reader",
    points=0.5,
    severity=SHOULD,
    needs=("send.one",),
    requirement=say("12 MiB are sent whole to a reader that is slow"),
)
def send_slow_reader(trace: Trace) -> Text:
    return all_sent(trace, 1, "send-not-sendall")


@check(
    "send.memory",
    points=0.5,
    case="send.slow-reader",
    severity=SHOULD,
    needs=("send.one",),
    requirement=say("a file of 12 MiB is sent with less than 6 MiB of memory"),
)
def send_memory(trace: Trace) -> Text:
    grown = round(measured(trace, "memory"), 1)
    if grown >= GROWTH:
        actual = say("it had taken {n} MiB of memory while the reader was slow", n=grown)
        fail(say("less than {n} MiB of memory", n=GROWTH), actual, "whole-file-in-memory")
    if not flow(trace, "p01", "received").size:
        for part, name in parts(trace, 1):
            sent(trace, part, name)
    return say("{n} MiB more memory while 12 MiB were sent", n=grown)


@check(
    "send.short-io",
    points=0.25,
    severity=SHOULD,
    needs=("send.closes",),
    requirement=say("nothing is lost where every send takes only a few bytes, as the system may do"),
)
def send_short_io(trace: Trace) -> Text:
    for part, name in parts(trace, 2):
        expected, came = say("a whole header for {name}", name=repr(name)), flow(trace, part, "received")
        if came.size and not isinstance(head_of(trace, part).fields, dict):
            fail(expected, say("only {n} bytes came in all", n=came.size), "send-not-sendall")
        sent(trace, part, name, "send-not-sendall")
    return say("everything came, at most 7 bytes a call")


# --- what can go wrong ----------------------------------------------------------------------------------------------


@check(
    "send.missing",
    points=0.5,
    severity=SHOULD,
    needs=("send.one",),
    requirement=say("a file that is missing, a folder, or not to be read is an OSError before anything is sent"),
)
def send_missing(trace: Trace) -> Text:
    runs = [e.run for e in trace.of(Started) if e.run != "setup"]
    if len(runs) < 2:
        raise Unclear(say("the case was not played to its end"))
    for part, what in zip(
        runs, (say("a missing file"), say("a folder"), say("a file that may not be read")), strict=False
    ):
        expected = say("an OSError for {what}, and no connection", what=what)
        got = _raises(trace, part, expected, ("OSError", "ValueError"))
        if connected(trace, part):
            fail(expected, say("it connected first; then {outcome}", outcome=got.text), "connects-first", got.where)
    return say("{n} times an error, and no connection", n=len(runs))


@check(
    "send.grows",
    points=0.5,
    severity=SHOULD,
    needs=("send.slow-reader",),
    requirement=say("a file that grows while it is sent: no more bytes come than were announced"),
)
def send_grows(trace: Trace) -> Text:
    due, body = flow(trace, "p01", "due"), flow(trace, "p01", "body")
    for part, name in parts(trace, 1):
        if not any(o.raised and o.is_a("OSError", "ValueError") for o in answers(trace, part)) or body.size > due.size:
            sent(trace, part, name, "sends-what-grew")
    return say("{k} of {n} announced bytes came, and not one more", k=body.size, n=due.size)


@check(
    "send.shrinks",
    points=0.5,
    severity=SHOULD,
    needs=("send.slow-reader",),
    requirement=say("a file that shrinks while it is sent is an OSError: too few bytes cannot be right"),
)
def send_shrinks(trace: Trace) -> Text:
    due, body = flow(trace, "p01", "due"), flow(trace, "p01", "body")
    if (body.size, body.blocks) == (due.size, due.blocks) and due.size:
        return say("all {n} bytes had been read before", n=due.size)
    for part, _ in parts(trace, 1):
        expected = say("an OSError: the file has fewer bytes than were announced")
        return _raises(trace, part, expected, ("OSError", "ValueError"), "shrunk-unnoticed").text
    raise Unclear(say("the case was not played to its end"))


@check(
    "send.refused",
    points=0.25,
    severity=SHOULD,
    needs=("send.one",),
    requirement=say("if nobody listens, that is an OSError"),
)
def send_refused(trace: Trace) -> Text:
    return _raises(trace, "p01", say("an OSError: nobody listens there"), ("OSError",)).text


@check(
    "send.reset",
    points=0.25,
    severity=SHOULD,
    needs=("send.one",),
    requirement=say("if the receiver breaks off, that is an OSError"),
)
def send_reset(trace: Trace) -> Text:
    _raises(trace, "p01", say("an OSError: the receiver has broken off"), ("OSError",))
    return _raises(trace, "p02", say("an OSError: the receiver has ended in the middle"), ("OSError",)).text


def _raises(
    trace: Trace, part: str, expected: Text, families: tuple[str, ...], returned: str = "swallows-errors"
) -> Outcome:
    """The error that left send_file. returned: the mistake where it returned instead."""
    got = answers(trace, part)
    if not got:
        still = stands(trace, part)
        mapped = trace.first(Exited, signal="SIGBUS")
        fail(expected, still.text, "mapped-file-shrank" if mapped else why_unanswered(trace, part, None), still.where)
    if not got[0].raised:
        fail(expected, got[0].text, returned)
    if not got[0].is_a(*families):
        fail(expected, got[0].text, accident(got[0]), got[0].where)
    return got[0]
