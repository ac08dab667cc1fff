"""The checks of the server: that it listens, what it asks, and that who answers right is let in, however the answer
comes."""

from __future__ import annotations

from collections import Counter

from grader.analysis import serving
from grader.checks import BONUS, SHOULD, Unclear, check, fail
from grader.model import Connected, Ended, Received, Sent, Text, Trace, say
from grader.wire.challenge import SIZE

from .readings import HELLO, KNOCK, OTHERS, inside, let_in, opening, program, served

CLIENTS = 200
VALUES = 200  # of 256: letters and digits alone are fewer; all of them stand in 200 random challenges
IN_ONE = 20  # of 32: so many different bytes, on average, in one
AT_ONE_PLACE = 8  # so many at each place


@check("server.listens", points=0.5, requirement=say("serve opens a port and goes on listening"))
def listens(trace: Trace) -> Text:
    return serving.starts(program(trace, "one"))


@check(
    "server.arguments",
    points=0.25,
    case="server.listens",
    needs=("server.listens",),
    requirement=say("it listens on the host and the port that serve is given, and nowhere else"),
)
def arguments(trace: Trace) -> Text:
    return serving.listens_as_told(program(trace, "one"), program(trace, "two"))


@check(
    "server.challenge",
    points=0.25,
    needs=("server.arguments",),
    requirement=say("a client gets 32 bytes as soon as it has connected, and nothing else before it answers"),
)
def challenge(trace: Trace) -> Text:
    came = b"".join(e.data for e in trace.of(Received, conn="a"))
    expected = say("{n} random bytes, at once", n=SIZE)
    server = program(trace)
    if not came:
        seen = say("the server closed the connection instead") if trace.of(Ended) else say("nothing came")
        fail(expected, server.because(seen), "no-challenge", server.place("silent"))
    if len(came) != SIZE:
        actual = say("{n} bytes came: {data}", n=len(came), data=serving.shown(came, len(came)))
        fail(expected, server.because(actual), "challenge-size", server.place())
    return say("{n} bytes came", n=SIZE)


@check(
    "server.accepts",
    points=1,
    needs=("server.challenge",),
    requirement=say("who answers md5(secret + challenge) in lower-case hex is let in: its words come back in capitals"),
)
def accepts(trace: Trace) -> Text:
    server = program(trace)
    for code, other in OTHERS.items():
        if trace.of(Connected, conn=code) and let_in(trace, code, HELLO):
            expected = say("the 32 hex digits of md5(secret + challenge) are right")
            fail(expected, say("it takes this for right: {other}", other=other), code)
    if trace.of(Connected, conn="waits-for-more") and let_in(trace, "waits-for-more", HELLO):
        expected = say("{n} bytes come back in capitals at once", n=len(HELLO))
        fail(expected, say("they came only after a line end and the client's FIN"), "waits-for-more", server.place())
    code = "hmac-without-digestmod" if "digestmod" in str(server.reason) else "right-answer-refused"
    table = {**dict.fromkeys(("closed", "silent", "raised"), code), "other": _other(trace, "says-welcome")}
    return say("{n} bytes came back in capitals", n=served(trace, "a", 1, table))


def _other(trace: Trace, code: str) -> str:
    """The mistake where something else came back than the first words in capitals: such words in small letters, or
    the mistake that this case is about."""
    heard = b"".join(e.data for e in inside(trace, "a").of(Received, conn="a"))
    return "not-in-capitals" if heard[: len(HELLO)].lower() == HELLO.lower() else code


@check(
    "server.any-secret",
    points=0.25,
    needs=("server.accepts",),
    requirement=say("the secret is bytes, any bytes: it need not be text"),
)
def any_secret(trace: Trace) -> Text:
    served(trace, "a", 1, dict.fromkeys(("closed", "silent", "refused", "raised"), "secret-as-text"))
    return say("a secret that is no text let its owner in")


@check(
    "server.digest-split",
    points=1,
    needs=("server.accepts",),
    requirement=say("the digest may arrive in pieces, even byte by byte"),
)
def digest_split(trace: Trace) -> Text:
    table = dict.fromkeys(("closed", "silent", "refused", "raised", "returned"), "digest-in-one-recv")
    for conn, about in (
        ("halves", say("digest in two halves")),
        ("byte by byte", say("digest byte by byte")),
    ):
        served(trace, conn, 1, table, about)
    return say("a digest in 2 and one in 32 pieces were accepted")


@check(
    "server.digest-glued",
    points=0.5,
    needs=("server.accepts",),
    requirement=say("the client's first words may stick to its digest; none of them is lost"),
)
def digest_glued(trace: Trace) -> Text:
    table = dict.fromkeys(("closed", "silent", "short", "cut", "other"), "digest-over-read")
    table["other"] = _other(trace, "digest-over-read")
    served(trace, "a", 2, table, say("digest and words in one piece"))
    return say("the words behind the digest came back")


@check(
    "server.challenge-fresh",
    points=1,
    needs=("server.accepts",),
    requirement=say("every client gets a challenge that nobody had before, also after a new start"),
)
def challenge_fresh(trace: Trace) -> Text:
    asked = _challenges(trace)
    expected = say("{n} challenges, no two of them the same", n=CLIENTS)
    seen: dict[bytes, str] = {}
    for conn, challenge in asked.items():
        if first := seen.get(challenge):
            code = "fixed-challenge" if first.split()[0] == conn.split()[0] else "seeded-challenge"
            actual = say("one came twice: {a}; {b}: {challenge}", a=first, b=conn, challenge=challenge.hex(" ", 4))
            fail(expected, actual, code)
        seen[challenge] = conn
    return say("{n} challenges, all different", n=len(seen))


@check(
    "server.challenge-random",
    points=0.5,
    case="server.challenge-fresh",
    needs=("server.challenge-fresh",),
    requirement=say("all 32 bytes of a challenge are random, and each may have any of 256 values"),
)
def challenge_random(trace: Trace) -> Text:
    asked = list(_challenges(trace).values())
    values = len(Counter(b"".join(asked)))
    expected = say("random bytes: each of the 256 values stands somewhere in {n} challenges", n=len(asked))
    if values < VALUES:
        actual = say("only {k} different ones: {challenge} …", k=values, challenge=repr(asked[0]))
        fail(expected, actual, "text-challenge")
    in_one = sum(len(set(c)) for c in asked) / len(asked)
    fixed = [place for place, octets in enumerate(zip(*asked, strict=True), 1) if len(set(octets)) < AT_ONE_PLACE]
    if fixed or in_one < IN_ONE:
        shown = say("{a} and {b}", a=asked[0].hex(" ", 4), b=asked[1].hex(" ", 4))
        fail(expected, say("parts of them repeat: {challenges}", challenges=shown), "half-random-challenge")
    if values < 256:
        absent = sorted(set(range(256)) - set(b"".join(asked)))
        fail(expected, say("never seen: {values}", values=str(absent)[1:-1]), "values-left-out")
    return say("{k} of 256 values were seen", k=values)


def _challenges(trace: Trace) -> dict[str, bytes]:
    """By client, in order; all of them, or it fails."""
    found = {e.conn: opening(trace, e.conn) for e in trace.of(Connected)}
    for conn, asked in found.items():
        if len(asked) < SIZE:
            served(trace, conn, 1, dict.fromkeys(("silent", "refused"), "keeps-connections"), run=conn.split()[0])
    if len(found) < CLIENTS:
        raise Unclear(say("there is no reading of this: {what}", what=say("{n} challenges", n=CLIENTS)))
    return found


@check(
    "server.short-io",
    points=0.5,
    severity=SHOULD,
    needs=("server.digest-split",),
    requirement=say("nothing is lost where every recv and send moves only a few bytes, as the system may do"),
)
def short_io(trace: Trace) -> Text:
    table = dict.fromkeys(("short", "silent", "cut", "closed", "other"), "send-not-sendall")
    for most in (7, 1):
        served(trace, f"cap {most}", 2, table, say("at most {n} bytes a call", n=most))
    return say("everything came back with at most 7 bytes, and with 1 byte, a call")


@check(
    "server.constant-time",
    points=0.5,
    severity=BONUS,
    needs=("server.accepts",),
    requirement=say("digests are compared by hmac.compare_digest, which takes as long for every wrong one"),
)
def constant_time(trace: Trace) -> Text:
    """The driver made that comparison find one wrong answer right: who lets it in has asked the comparison."""
    if len(opening(trace, "decoy")) < SIZE or not trace.of(Sent, conn="decoy"):
        raise Unclear(say("there is no reading of this: {what}", what="decoy"))
    if not let_in(trace, "decoy", KNOCK):
        expected = say("what compare_digest says decides")
        fail(expected, say("a digest that it was made to find right was refused"), "equals-compare")
    return say("what compare_digest said decided")
