"""The checks of the client: it answers the challenge, says its lines, and returns the answers."""

from __future__ import annotations

from typing import NoReturn

from grader.analysis.calls import answers, connected, stopped
from grader.analysis.flows import flow
from grader.checks import SHOULD, check, fail
from grader.model import Ended, Flow, Raised, Text, Trace, Value, say
from grader.wire.challenge import SIZE, mistaken

from .client_readings import asked_of, chatted, same_items
from .readings import OTHERS, secret_of


@check(
    "client.digest",
    points=1,
    requirement=say("chat answers the challenge with md5(secret + challenge): 32 lower-case hex digits, nothing else"),
)
def client_digest(trace: Trace) -> Text:
    due, came = flow(trace, "a", "due"), flow(trace, "a", "received")
    expected = say("{n} bytes: {digest}", n=SIZE, digest=due.head[:SIZE].decode())
    if not connected(trace, "a"):
        _not_called(trace)
    if not came.size:
        raised = trace.first(Raised, run="a")
        code = "hmac-without-digestmod" if raised and "digestmod" in raised.message else None
        fail(expected, _nothing_sent(trace), code, _where(trace))
    if came.head[:SIZE] != due.head[:SIZE]:
        _other_answer(trace, expected, came)
    behind, line = came.head[SIZE:], due.head[SIZE:]
    if not behind.startswith(line[: len(behind)]):
        actual = say("behind the digest comes {data}, and only then the line", data=repr(behind[:20]))
        fail(expected, actual, "adds-bytes")
    return say("it answered {digest}", digest=due.head[:SIZE].decode())


def _not_called(trace: Trace) -> NoReturn:
    got = answers(trace, "a")
    expected = say("a call to the host and the port that chat was given")
    if not got:
        fail(expected, stopped(trace, "a").text, "calls-elsewhere")
    lazy = got[0].value is not None and got[0].value.kind in ("generator", "coroutine", "async_generator")
    code = "chat-does-not-run" if lazy else "calls-elsewhere" if got[0].is_a("OSError") else None
    fail(expected, got[0].text, code, got[0].where)


def _nothing_sent(trace: Trace) -> Text:
    got = answers(trace, "a")
    return say("nothing was sent; {what}", what=got[0].text if got else stopped(trace, "a").text)


def _where(trace: Trace) -> str | None:
    got = answers(trace, "a")
    place = got[0].where if got else stopped(trace, "a").where
    return str(place) if place else None


def _other_answer(trace: Trace, expected: Text, came: Flow) -> NoReturn:
    asked, secret = asked_of(trace, "a"), secret_of(trace)
    shown = repr(came.head[:72])
    if secret in came.head:
        fail(expected, say("it sent the secret itself: {data}", data=shown), "secret-sent")
    for names, wrong in mistaken(secret, asked):
        if came.head.startswith(wrong):
            fail(expected, say("it sent {other}: {data}", other=_all_of(names), data=shown), names[0])
    fail(expected, say("it sent {data}", data=shown))


def _all_of(names: tuple[str, ...]) -> Text:
    """What was wrong with an answer: one mistake, or several at once."""
    parts = {f"mistake{n}": OTHERS[name] for n, name in enumerate(names)}
    return Text(" + ".join("{" + part + "}" for part in parts), parts)


@check(
    "client.chat",
    points=1,
    needs=("client.digest",),
    requirement=say("it sends every line as UTF-8, nothing added, and returns the list of the answers"),
)
def client_chat(trace: Trace) -> Text:
    return chatted(trace)


@check(
    "client.closes",
    points=0.25,
    case="client.chat",
    severity=SHOULD,
    needs=("client.chat",),
    requirement=say("when chat returns the connection is closed, properly, with FIN and not with RST"),
)
def client_closes(trace: Trace) -> Text:
    ended = trace.first(Ended, conn="a")
    if not ended:
        fail(say("it ends with FIN"), say("chat has returned, and the connection is still open"), "left-open")
    if ended.how != "fin":
        fail(say("it ends with FIN"), say("RST: the connection was cut"), "resets-at-end")
    return say("it ended with FIN")


@check(
    "client.challenge-split",
    points=1,
    needs=("client.chat",),
    requirement=say("the challenge may arrive in pieces, even byte by byte"),
)
def client_challenge_split(trace: Trace) -> Text:
    for name in ("halves", "byte by byte"):
        chatted(trace, name, "challenge-in-one-recv")
    return say("a challenge in 2 and one in 32 pieces were answered right")


@check(
    "client.challenge-bytes",
    points=0.5,
    needs=("client.chat",),
    requirement=say("a challenge is bytes, any bytes: with blanks, NULs and line ends; it need not be text"),
)
def client_challenge_bytes(trace: Trace) -> Text:
    return chatted(trace, likely="decodes-challenge")


@check(
    "client.any-secret",
    points=0.25,
    needs=("client.chat",),
    requirement=say("the secret is bytes, any bytes: it need not be text"),
)
def client_any_secret(trace: Trace) -> Text:
    return chatted(trace, likely="secret-as-text")


@check(
    "client.text",
    points=0.25,
    needs=("client.chat",),
    requirement=say("Chinese, emoji, blanks and line ends go out and come back as they are"),
)
def client_text(trace: Trace) -> Text:
    raised = next((outcome.raised for outcome in answers(trace, "a")), None)
    return chatted(trace, likely=_why_unreadable(raised) if raised else "changes-text")


def _why_unreadable(raised: Raised) -> str | None:
    if "UnicodeError" not in raised.bases:
        return None
    return "length-in-characters" if "'utf-8' codec can't decode" in raised.message else "other-encoding"


@check(
    "client.answer-split",
    points=0.5,
    needs=("client.chat",),
    requirement=say("an answer may arrive byte by byte"),
)
def client_answer_split(trace: Trace) -> Text:
    return chatted(trace, likely="answer-in-one-recv")


@check(
    "client.character-split",
    points=0.25,
    needs=("client.answer-split", "client.text"),
    requirement=say("a character of several bytes may be cut between two pieces of an answer"),
)
def client_character_split(trace: Trace) -> Text:
    return chatted(trace, likely="decode-per-chunk")


@check(
    "client.long-lines",
    points=0.25,
    needs=("client.chat",),
    requirement=say("lines of up to 64 KiB and their answers are whole"),
)
def client_long_lines(trace: Trace) -> Text:
    return chatted(trace, likely="answer-in-one-recv")


@check(
    "client.empty-line",
    points=0.25,
    needs=("client.chat",),
    requirement=say("an empty line has the empty answer, at once: nothing is sent, and nothing is waited for"),
)
def client_empty_line(trace: Trace) -> Text:
    likely = "empty-line-deadlock"
    if got := answers(trace, "a"):
        likely = "empty-is-end" if got[0].is_a("OSError", "EOFError") else "empty-line-skipped"
    return chatted(trace, likely=likely)


@check(
    "client.no-lines",
    points=0.25,
    needs=("client.chat",),
    requirement=say("without any lines it returns an empty list"),
)
def client_no_lines(trace: Trace) -> Text:
    got, told = answers(trace, "a"), Value("list", 0)
    if not got:
        still = stopped(trace, "a")
        fail(say("an empty list"), still.text, "never-ends", still.where)
    if got[0].value is None or not same_items(got[0].value, told):
        code = "returns-nothing" if got[0].value and got[0].value.kind == "none" else None
        fail(say("an empty list"), got[0].text, code, got[0].where)
    return say("it returned an empty list")


@check(
    "client.iterable",
    points=0.25,
    needs=("client.chat",),
    requirement=say("the lines may be any iterable, also one that can be gone through only once"),
)
def client_iterable(trace: Trace) -> Text:
    return chatted(trace, likely="needs-a-list")


@check(
    "client.short-io",
    points=0.25,
    severity=SHOULD,
    needs=("client.challenge-split", "client.answer-split"),
    requirement=say("nothing is lost where every recv and send moves only a few bytes, as the system may do"),
)
def client_short_io(trace: Trace) -> Text:
    for most in (7, 1):
        chatted(trace, f"cap {most}", "send-not-sendall")
    return say("everything came back with at most 7 bytes, and with 1 byte, a call")
