"""The checks of the server: who does not answer right is not let in, whatever it sends, and harms nobody."""

from __future__ import annotations

from grader.checks import SHOULD, check, fail
from grader.model import Ended, Received, Text, Trace, say

from .readings import HELLO, KNOCK, inside, let_in, opening, program, refused, served

KILLED = dict.fromkeys(("refused", "silent", "closed"), "refusal-ends-server")


@check(
    "server.wrong-secret",
    points=1,
    needs=("server.accepts",),
    requirement=say("who answers with another secret's digest gets nothing more, and its connection is closed"),
)
def wrong_secret(trace: Trace) -> Text:
    refused(trace, "stranger", KNOCK, "lets-in-anybody", say("a digest made with another secret"))
    if let_in(trace, "late stranger", KNOCK):
        expected = say("a digest made with another secret lets nobody in, whoever was let in before")
        fail(expected, say("it was let in, since another client had been"), "lets-in-anybody")
    return say("its connection was closed without another byte")


@check(
    "server.after-refusal",
    points=0.25,
    case="server.wrong-secret",
    needs=("server.wrong-secret",),
    requirement=say("after a refusal the next client is served"),
)
def after_refusal(trace: Trace) -> Text:
    served(trace, "friend", 1, KILLED, say("after a client was refused"))
    return say("the next client was served")


@check(
    "server.fifty-wrong",
    points=0.25,
    severity=SHOULD,
    needs=("server.after-refusal",),
    requirement=say("fifty refusals later a right answer still lets in"),
)
def fifty_wrong(trace: Trace) -> Text:
    table = dict.fromkeys(("refused", "silent", "closed"), "locks-out")
    for number in range(1, 51):
        about = say("refusal number {n}", n=number)
        refused(trace, f"stranger {number}", KNOCK, "lets-in-anybody", about, table)
    served(trace, "friend", 1, table, say("after 50 clients were refused"))
    return say("a client was served after 50 refusals")


@check(
    "server.near-miss",
    points=0.5,
    needs=("server.wrong-secret",),
    requirement=say("one wrong character anywhere in the digest is enough to be refused"),
)
def near_miss(trace: Trace) -> Text:
    for place in (0, 1, 15, 16, 31):
        about = say("character {n} of the digest is wrong", n=place + 1)
        refused(trace, f"character {place + 1} is wrong", KNOCK, "part-compared", about)
    about = say("the right digest, but behind one character too many")
    refused(trace, "one character too early", KNOCK, "part-compared", about)
    served(trace, "friend", 1, KILLED, say("after six clients were refused"))
    return say("six digests that were almost right were refused")


@check(
    "server.truncated",
    points=0.5,
    needs=("server.wrong-secret",),
    requirement=say("a digest that is cut short lets nobody in, and its end is noticed"),
)
def truncated(trace: Trace) -> Text:
    for size in (31, 1):
        about = say("{n} characters of the right digest, then other words", n=size)
        refused(trace, f"{size} characters, then words", KNOCK, "part-compared", about)
    for size in (31, 0):
        _closed(trace, f"{size} characters, then the end", say("{n} characters, then the client's FIN", n=size))
    served(trace, "friend", 1, KILLED, say("after clients that cut their digest short"))
    return say("they were refused, and the next client was served")


def _closed(trace: Trace, conn: str, about: Text) -> None:
    expected = say("{who}: the connection is closed, and not one byte more comes", who=about)
    server = program(trace)
    if inside(trace, conn).of(Received, conn=conn):
        fail(expected, say("bytes came"), "talks-to-refused")
    if not opening(trace, conn) or not trace.of(Ended, conn=conn):
        actual = server.because(say("the connection stays open"))
        fail(expected, actual, "eof-in-digest-not-seen", server.place("silent"))


@check(
    "server.not-text",
    points=0.5,
    needs=("server.after-refusal",),
    requirement=say("an answer that is no text at all is refused like any other, and harms nobody"),
)
def not_text(trace: Trace) -> Text:
    for name in ("ff", "00"):
        about = say("32 bytes {hex}", hex=name)
        refused(trace, f"32 times {name}", KNOCK, "lets-in-anybody", about)
        table = dict.fromkeys(("refused", "silent", "closed", "raised"), "decodes-digest")
        served(trace, f"friend after {name}", 1, table, say("after a client answered {what}", what=about))
    return say("they were refused, and the next client was served")


@check(
    "server.not-ascii",
    points=0.25,
    severity=SHOULD,
    needs=("server.after-refusal",),
    requirement=say("an answer of letters that are not ASCII is refused like any other, and harms nobody"),
)
def not_ascii(trace: Trace) -> Text:
    about = say("16 times é, 32 bytes of UTF-8")
    refused(trace, "16 times é", KNOCK, "lets-in-anybody", about)
    table = dict.fromkeys(("refused", "silent", "closed", "raised"), "compares-str")
    served(trace, "friend", 1, table, say("after a client answered {what}", what=about))
    return say("it was refused, and the next client was served")


@check(
    "server.words-first",
    points=0.25,
    needs=("server.after-refusal",),
    requirement=say("nothing that a client says before it has answered right comes back"),
)
def words_first(trace: Trace) -> Text:
    about = say("words in place of the digest")
    refused(trace, "impatient", HELLO, "no-gate", about)
    served(trace, "friend", 1, KILLED, say("after a client that talked too early"))
    return say("what was said too early did not come back")


@check(
    "server.replay",
    points=0.5,
    needs=("server.side-by-side", "server.wrong-secret", "server.challenge-fresh"),
    requirement=say("a digest lets in once, and only the client whose challenge it answers"),
)
def replay(trace: Trace) -> Text:
    refused(trace, "replay", KNOCK, "replay", say("the digest that let an earlier client in"))
    for conn in ("left", "right"):
        refused(trace, conn, KNOCK, "replay", say("the digest that answers another client's challenge"))
    served(trace, "friend", 1, KILLED, say("after digests that were not theirs"))
    return say("a digest that was used before, and two of other clients, were refused")
