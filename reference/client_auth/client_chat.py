"""The checks of the client: it answers the challenge, says its lines, and returns the answers.

Our server goes on whatever the digest was, so that one wrong byte does not hide all others: what the client was to send
(Flow "due") is compared with what came.
"""

from __future__ import annotations

from typing import NoReturn

from grader.analysis.calls import answers, connected, stopped
from grader.analysis.flows import begins, first_difference, flow, same_bytes
from grader.analysis.outcomes import Outcome
from grader.checks import SHOULD, Unclear, check, fail
from grader.model import Ended, Flow, Raised, Sent, Text, Told, Trace, Value, say
from grader.wire.challenge import SIZE, answer, mistaken

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
    asked, secret = _asked(trace, "a"), secret_of(trace)
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


def _asked(trace: Trace, conn: str) -> bytes:
    """The challenge that our side sent on a connection."""
    return b"".join(e.data for e in trace.of(Sent, conn=conn))[:SIZE]


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
    requirement=say("after the last answer it closes the connection properly, with FIN and not with RST"),
)
def client_closes(trace: Trace) -> Text:
    ended = trace.first(Ended, conn="a")
    if not ended:
        raise Unclear(say("there is no reading of this: {what}", what="FIN"))
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
    raised = trace.first(Raised, run="a")
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
    return chatted(trace, likely="empty-line-deadlock")


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
    if got[0].value is None or not _same_items(got[0].value, told):
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


# --- reading one conversation ---------------------------------------------------------------------------------------


def chatted(trace: Trace, run: str = "a", likely: str | None = None) -> Text:
    """The digest and all lines came, and all answers were returned. likely: the mistake that this case is about."""
    due, came = flow(trace, run, "due"), flow(trace, run, "received")
    told = trace.first(Told, conn=run)
    if told is None or not connected(trace, run):
        raise Unclear(say("the student's side did not connect"))
    if not begins(due, came):
        _other_bytes(trace, run, due, came, likely)
    got, expected = answers(trace, run), say("it returns {value}", value=told.value.shown)
    if not got:
        still = stopped(trace, run)
        gone = trace.of(Ended, conn=run) != ()
        fail(expected, still.text, likely or (_why_waiting(due, came, gone) if still.quiet else None), still.where)
    value = got[0].value
    if value is None:
        fail(expected, got[0].text, _why_raised(got[0]) or likely, got[0].where)
    if not _same_items(value, told.value):
        fail(expected, got[0].text, _why_other(value, told.value) or likely)
    if not same_bytes(due, came):
        fail(say("{n} bytes are sent", n=due.size), say("only {n} bytes came", n=came.size), likely)
    return say("{n} answers were returned as they came", n=told.value.size)


def _why_waiting(due: Flow, came: Flow, gone: bool) -> str:
    if gone and came.size < due.size:
        return "one-connection-per-line"
    if came.size == SIZE < due.size:
        return "waits-for-welcome"
    return "waits-for-more-answer" if came.size < due.size else "never-ends"


def _other_bytes(trace: Trace, run: str, due: Flow, came: Flow, likely: str | None) -> NoReturn:
    at = first_difference(due, came)
    if at < SIZE:
        asked, secret = _asked(trace, run), secret_of(trace)
        part = next((k for k in range(SIZE) if came.head.startswith(answer(secret, asked[:k]))), None)
        expected = say("the digest {digest}", digest=due.head[:SIZE].decode())
        if part is not None:
            actual = say("the digest of only {k} of the {n} bytes of the challenge", k=part, n=SIZE)
            fail(expected, actual, likely if likely == "decodes-challenge" else "challenge-in-one-recv")
        fail(expected, say("it sent {data}", data=repr(came.head[:SIZE])), likely)
    expected = say("{n} bytes, from byte {at} on: {data}", n=due.size, at=at, data=repr(due.head[at : at + 20]))
    actual = say("{n} bytes, from byte {at} on: {data}", n=came.size, at=at, data=repr(came.head[at : at + 20]))
    fail(expected, actual, _why_other_lines(due.head, came.head, at) or likely)


def _why_other_lines(due: bytes, came: bytes, at: int) -> str | None:
    """The mistake that what came in place of the lines, from byte `at` on, speaks for."""
    if came[at : at + 1] in (b"\r", b"\n", b"\0") or (came.startswith(due) and len(came) > len(due)):
        return "adds-bytes"
    text = due[SIZE:].decode(errors="ignore")[:4]
    others = [text.encode(name, "replace") for name in ("gbk", "utf-16", "utf-16-le")]
    return "other-encoding" if any(came[SIZE:].startswith(other) for other in others) else None


def _same_items(value: Value, told: Value) -> bool:
    """A list or a tuple of the same answers."""
    alike = zip(value.items, told.items, strict=False)
    return value.kind in ("list", "tuple") and value.size == told.size and all(a.same(b) for a, b in alike)


def _why_other(value: Value, told: Value) -> str | None:
    if value.kind == "none":
        return "returns-nothing"
    if value.size == told.size and {item.kind for item in value.items} == {"bytes"}:
        return "returns-bytes"
    return None


def _why_raised(outcome: Outcome) -> str | None:
    return "exits-program" if outcome.is_a("SystemExit") else None


def only(trace: Trace, run: str) -> Outcome | None:
    """What became of the call of chat; None where nothing did before our side had to move on."""
    if not connected(trace, run):
        raise Unclear(say("the student's side did not connect"))
    return next(iter(answers(trace, run)), None)
