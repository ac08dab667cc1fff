"""How the checks of `client_auth` read a trace.

A conversation begins with 32 bytes each way, the challenge and the answer to it. What is left without them (`inside`)
is a conversation like any other, with capitals for an answer: grader.analysis.serving reads it. That a client was not
let in shows in its connection: nothing but its end came (`refused`).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NoReturn

from grader.analysis import serving
from grader.analysis.dialogue import turns
from grader.analysis.serving import Program
from grader.checks import Unclear, fail
from grader.model import Ended, Event, Measured, Received, Refused, Sent, Text, Told, Trace, say
from grader.wire.challenge import SIZE

SERVER = ("auth_server.py",)
HELLO = b"Hello, server"  # the words of reference/peers/auth.py
KNOCK = b"what now? I have given my answer, have I not?"
OUR_DELAY = 4.5  # seconds, of the five that a client has

# What an answer was made of, where it was the wrong thing; the codes are those of grader.wire.challenge.
OTHERS: Mapping[str, Text] = {
    "sha1-not-md5": say("the SHA-1 digest (40 hex digits)"),
    "sha256": say("the SHA-256 digest (64 hex digits)"),
    "hmac-not-md5": say("the HMAC of the challenge"),
    "order-swapped": say("md5(challenge + secret), the wrong way round"),
    "challenge-ignored": say("the digest of the secret alone, the same for every challenge"),
    "secret-ignored": say("the digest of the challenge alone, which everybody can work out"),
    "bytes-as-text": say("a digest of str(challenge), the text b'…', in place of the bytes"),
    "challenge-as-hex": say("a digest of challenge.hex() in place of the bytes"),
    "digest-not-hexdigest": say("the 16 raw bytes of the digest, without hex"),
    "upper-case-hex": say("hex in capital letters"),
}


def program(trace: Trace, run: str = "server") -> Program:
    return Program(trace, SERVER, run)


def secret_of(trace: Trace) -> bytes:
    told = trace.first(Told, conn="secret")
    if told is None:
        raise Unclear(say("the script told no secret"))
    return bytes(ast.literal_eval(told.value.shown))


def opening(trace: Trace, conn: str) -> bytes:
    """The challenge that a client was given, or as much of it as came."""
    return b"".join(e.data for e in trace.of(Received, conn=conn))[:SIZE]


def inside(trace: Trace, conn: str) -> Trace:
    """The trace without the challenge and the answer of this connection: its first 32 bytes each way."""
    left: dict[type[Event], int] = {Sent: SIZE, Received: SIZE}
    events: list[Event] = []
    for e in trace.events:
        if isinstance(e, Sent | Received) and e.conn == conn and left[type(e)]:
            taken = min(left[type(e)], e.size)
            left[type(e)] -= taken
            if taken == e.size:
                continue
            e = replace(e, data=e.data[taken:], size=e.size - taken)
        events.append(e)
    return replace(trace, events=tuple(events))


def served(
    trace: Trace, conn: str, count: int, table: Mapping[str, str], about: Text | None = None, run: str = "server"
) -> int:
    """This client was let in, and its first `count` turns came back in upper case. table, about: serving.answered."""
    asked, within = len(opening(trace, conn)), inside(trace, conn)
    if asked < SIZE:
        silence = say("only {k} of {n} bytes of the challenge came", k=asked, n=SIZE) if asked else None
        _stood_off(trace, conn, say("a challenge of 32 bytes"), silence or say("no challenge came"), table, about, run)
    if trace.of(Ended, conn=conn):
        in_time(answered_after(trace, conn))
    if trace.of(Ended, conn=conn) and not turns(within, conn):
        expected = say("it is let in, and its words come back in capitals")
        _stood_off(trace, conn, expected, say("nothing came back"), table, about, run)
    return serving.answered(program(within, run), conn, count, table, about, bytes.upper)


def answered_after(trace: Trace, conn: str) -> float:
    """Seconds from a client's challenge to the last byte of its answer, or to the end that came before it."""
    asked, sent = trace.first(Received, conn=conn), 0
    for e in trace.events:
        sent += e.size if isinstance(e, Sent) and e.conn == conn else 0
        if asked and getattr(e, "conn", "") == conn and (sent >= SIZE or isinstance(e, Ended)):
            return e.at - asked.at
    return 0.0


def in_time(seconds: float) -> None:
    """Our side answered before the server might have lost its patience; where not, it is not the server's fault."""
    if seconds > OUR_DELAY:
        raise Unclear(say("our own side was too slow"))


def let_in_at_once(trace: Trace) -> None:
    """No crowd took so long to answer that it may have been cut off for it."""
    in_time(max((e.value for e in trace.of(Measured, what="crowd answered after")), default=0))


def _stood_off(
    trace: Trace, conn: str, expected: Text, silence: Text, table: Mapping[str, str], about: Text | None, run: str
) -> NoReturn:
    """This client could not even say anything."""
    server, gone = program(trace, run), trace.of(Ended, conn=conn)
    symptom = "refused" if trace.of(Refused, conn=conn) else "closed" if gone else "silent"
    seen = {"refused": say("nobody takes the connection"), "closed": say("the server closed the connection instead")}
    actual = server.because(seen.get(symptom, silence))
    if about:
        actual = Text("{about}: {actual}", {"about": about, "actual": actual})
    fail(expected, actual, table.get(server.fate) or table.get(symptom), server.place(symptom))


def let_in(trace: Trace, conn: str, words: bytes) -> bool:
    """These words came back in upper case."""
    heard = b"".join(e.data for e in inside(trace, conn).of(Received, conn=conn))
    return heard[:1] != b"" and words.upper().startswith(heard[: len(words)])


def refused(
    trace: Trace,
    conn: str,
    words: bytes,
    code: str,
    about: Text | None = None,
    unasked: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """A client with a wrong answer got nothing but the end of its connection.

    words: what it said then. code: the mistake if it was let in all the same. unasked: those where it was not even
    asked, as the table of `served`.
    """
    expected = say("{who}: the connection is closed, and not one byte more comes", who=about or conn)
    server, heard = program(trace), b"".join(e.data for e in inside(trace, conn).of(Received, conn=conn))
    if len(opening(trace, conn)) < SIZE:
        _stood_off(trace, conn, say("a challenge of 32 bytes"), say("no challenge came"), unasked, about, "server")
    if let_in(trace, conn, words):
        fail(expected, say("it was let in: {words} came back", words=repr(heard)), code)
    if heard:
        fail(expected, say("{words} came", words=repr(heard)), "talks-to-refused")
    if not trace.of(Ended, conn=conn):
        fail(expected, server.because(say("the connection stays open")), "refused-not-closed", server.place())
