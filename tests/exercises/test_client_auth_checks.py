"""What the checks of `client_auth` make of traces written by hand: mistakes by their symptoms, and the fine lines."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from grader.catalog import Course
from grader.checks import Check
from grader.judge import judge_trace
from grader.model import (
    Busy,
    Connected,
    Ended,
    Event,
    Exited,
    Flow,
    Listening,
    Marked,
    Measured,
    Printed,
    Quiet,
    Raised,
    Received,
    Result,
    Returned,
    Sent,
    Told,
    Trace,
    Vanished,
    Verdict,
)
from grader.wire.challenge import SIZE, answer, mistaken
from grader.wire.payload import blocks_of, value_of

COURSE = Course(Path(__file__).parents[2])
CHECKS: dict[str, Check] = {c.id.removeprefix("client_auth."): c for c in COURSE.exercise("client_auth").checks}
KILLED = Exited(9, "server", None, "SIGKILL")  # how every run ends that the script does not end: by our side

SECRET, ASKED = b"open sesame 123", bytes(range(SIZE))
RIGHT = answer(SECRET, ASKED)
HELLO, KNOCK = b"Hello, server", b"what now? I have given my answer, have I not?"


def result(check: str, *events: Event) -> Result:
    return judge_trace(CHECKS[check], Trace("case", events))


def named(check: str, *events: Event) -> tuple[Verdict, str | None]:
    found = result(check, *events)
    return found.verdict, found.mistake


def passed(check: str, *events: Event) -> bool:
    return result(check, *events).verdict is Verdict.PASS


def sent(data: bytes, conn: str = "a", at: float = 0) -> Sent:
    return Sent(at, conn, data, len(data))


def got(data: bytes, conn: str = "a") -> Received:
    return Received(0, conn, data, len(data))


def asked(conn: str = "a", challenge: bytes = ASKED, at: float = 0) -> tuple[Event, ...]:
    return Connected(at, conn, "peer"), got(challenge, conn)


def served(conn: str = "a", words: bytes = HELLO) -> tuple[Event, ...]:
    return *asked(conn), sent(RIGHT, conn), sent(words, conn), got(words.upper(), conn)


def closed(conn: str = "a", at: float = 0) -> Ended:
    return Ended(at, conn, "fin")


def refused(conn: str, *more: Event) -> tuple[Event, ...]:
    return *asked(conn), sent(RIGHT[::-1], conn), sent(KNOCK, conn), *more


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("events", [(), (Vanished(1, "gone"),), (KILLED,)], ids=["nothing", "vanished", "killed"])
def test_nothing_seen_is_no_pass(check: str, events: tuple[Event, ...]) -> None:
    assert not passed(check, *events)


def test_the_checks_expect_the_words_that_the_script_says() -> None:
    peers = (COURSE.root / "reference" / "peers" / "auth.py").read_text(encoding="utf-8")
    assert f'HELLO = b"{HELLO.decode()}"' in peers
    assert f'KNOCK = b"{KNOCK.decode()}"' in peers
    assert len(KNOCK) > SIZE  # it completes every digest that was cut short
    assert KNOCK[:1] not in b"0123456789abcdef"  # and never to the right one


# --- the server: letting in -------------------------------------------------------------------------------------------


def test_words_that_stick_to_the_digest_count_as_words() -> None:
    more = [sent(b"and more"), got(b"AND MORE")]
    whole = [*asked(), sent(RIGHT + HELLO), got(HELLO.upper()), *more]
    pieces = [*asked(), sent(RIGHT[:20]), sent(RIGHT[20:] + HELLO), got(HELLO.upper()), *more]
    assert passed("server.digest-glued", *whole)
    assert passed("server.digest-glued", *pieces)
    lost = [*asked(), sent(RIGHT + HELLO), Quiet(1, "server", "bytes")]
    assert named("server.digest-glued", *lost) == (Verdict.FAIL, "digest-over-read")


@pytest.mark.parametrize(
    ("came", "mistake"),
    [(b"", "no-challenge"), (b"x" * 31, "challenge-size"), (ASKED + b"\n", "challenge-size"), (ASKED, None)],
)
def test_a_challenge_has_32_bytes(came: bytes, mistake: str | None) -> None:
    assert named("server.challenge", *asked(challenge=came))[1] == mistake


def test_what_a_server_takes_for_right_instead_names_its_mistake() -> None:
    first = [*asked(), sent(RIGHT), sent(HELLO), closed()]
    other = [*asked("sha256"), sent(b"?" * 64, "sha256"), sent(HELLO + b"\n", "sha256"), got(HELLO.upper(), "sha256")]
    assert named("server.accepts", *first, *other) == (Verdict.FAIL, "sha256")
    assert named("server.accepts", *first) == (Verdict.FAIL, "right-answer-refused")


def test_a_hash_without_a_name_is_told_by_the_traceback() -> None:
    text = "Traceback:\n  File \"auth_server.py\", line 9, in f\nTypeError: Missing required argument 'digestmod'\n"
    traced = Printed(9, "server", "stderr", text, len(text))
    found = result("server.accepts", *asked(), sent(RIGHT), sent(HELLO), closed(), traced)
    assert (found.mistake, found.where) == ("hmac-without-digestmod", "auth_server.py:9")


def challenges(make: Callable[[int], bytes]) -> list[Event]:
    names = [f"{start} start, client {n}" for start in ("first", "second") for n in range(1, 101)]
    return [e for i, name in enumerate(names) for e in asked(name, make(i))]


RNG = random.Random(5)
RANDOM = [RNG.randbytes(SIZE) for _ in range(200)]


@pytest.mark.parametrize(
    ("make", "fresh", "rand"),
    [
        (lambda i: RANDOM[i], None, None),
        (lambda i: ASKED, "fixed-challenge", "text-challenge"),
        (lambda i: RANDOM[i % 100], "seeded-challenge", None),
        (lambda i: RANDOM[i][:16].hex().encode(), None, "text-challenge"),
        (lambda i: RANDOM[i][:16] * 2, None, "half-random-challenge"),
        (lambda i: RANDOM[i][:20] + bytes(12), None, "half-random-challenge"),
        (lambda i: RANDOM[i][:31] + b"\n", None, "half-random-challenge"),
    ],
    ids=["random", "fixed", "seeded", "hex", "twice the same", "zeros", "newline"],
)
def test_kinds_of_challenges(make: Callable[[int], bytes], fresh: str | None, rand: str | None) -> None:
    events = challenges(make)
    assert named("server.challenge-fresh", *events)[1] == fresh
    assert named("server.challenge-random", *events)[1] == rand


@pytest.mark.parametrize("seed", range(20))
def test_random_challenges_are_random_enough(seed: int) -> None:
    rng = random.Random(seed)
    assert passed("server.challenge-random", *challenges(lambda i: rng.randbytes(SIZE)))


def test_challenges_that_were_not_all_seen_are_no_pass() -> None:
    assert result("server.challenge-fresh", *challenges(lambda i: RANDOM[i])[:-2]).verdict is Verdict.UNDECIDED


# --- the server: keeping out ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "verdict", "mistake"),
    [
        ((closed("stranger"),), Verdict.PASS, None),
        ((Ended(0, "stranger", "reset"),), Verdict.PASS, None),
        ((Quiet(1, "server", "bytes"),), Verdict.FAIL, "refused-not-closed"),
        ((got(KNOCK.upper(), "stranger"),), Verdict.FAIL, "lets-in-anybody"),
        ((got(b"WH", "stranger"), closed("stranger")), Verdict.FAIL, "lets-in-anybody"),
        ((got(b"no", "stranger"), closed("stranger")), Verdict.FAIL, "talks-to-refused"),
    ],
)
def test_a_refusal_is_the_end_and_nothing_else(more: tuple[Event, ...], verdict: Verdict, mistake: str | None) -> None:
    assert named("server.wrong-secret", *refused("stranger", *more)) == (verdict, mistake)


def test_who_is_let_in_because_another_was_is_let_in() -> None:
    events = [*refused("stranger", closed("stranger")), *refused("late stranger", got(KNOCK.upper(), "late stranger"))]
    assert named("server.wrong-secret", *events) == (Verdict.FAIL, "lets-in-anybody")


def test_a_server_that_dies_of_a_refusal_has_refused_but_serves_nobody() -> None:
    raised = Raised(1, "server", 0, "UnicodeDecodeError", ("UnicodeDecodeError", "ValueError"), "'utf-8' codec")
    events = [*refused("stranger", closed("stranger")), raised, Connected(2, "friend", "peer"), closed("friend")]
    assert passed("server.wrong-secret", *events)
    assert named("server.after-refusal", *events) == (Verdict.FAIL, "refusal-ends-server")


def test_who_is_asked_no_more_after_many_refusals_was_locked_out() -> None:
    some = [e for n in range(1, 21) for e in refused(f"stranger {n}", closed(f"stranger {n}"))]
    shut = [Connected(1, "stranger 21", "peer"), closed("stranger 21")]
    assert named("server.fifty-wrong", *some, *shut) == (Verdict.FAIL, "locks-out")


# --- the server: time and company -------------------------------------------------------------------------------------


def company(*more: Event) -> list[Event]:
    quiet = [*served("quiet"), *served("b"), *asked("mute"), *asked("half"), *served("c")]
    return [*quiet, *more, sent(b"still here", "quiet"), got(b"STILL HERE", "quiet")]


def test_who_is_served_only_when_the_silent_have_gone_has_waited_for_them() -> None:
    assert passed("server.silent", *company())
    assert named("server.silent", *company(closed("mute"))) == (Verdict.FAIL, "serial-server")


def owing(*more: Event, waited: float = 7.0) -> list[Event]:
    """A server that listens at 0.5 s asks at 1 s."""
    began = [Listening(0.5, "127.0.0.1", 9000), *asked("mute", at=1), *asked("dripping", at=1), Marked(1, "they owe")]
    return [*began, *more, Measured(8, "waited", waited)]


@pytest.mark.parametrize(
    ("more", "verdict", "mistake"),
    [
        ((closed("mute", at=6.0),), Verdict.PASS, None),
        ((closed("mute", at=5.5),), Verdict.PASS, None),  # its clock may have begun when it listened
        ((closed("mute", at=5.0),), Verdict.FAIL, "too-impatient"),
        ((), Verdict.FAIL, "no-deadline"),
        ((got(b"too late", "mute"), closed("mute", at=6.0)), Verdict.FAIL, "talks-to-refused"),
    ],
)
def test_five_seconds(more: tuple[Event, ...], verdict: Verdict, mistake: str | None) -> None:
    assert named("server.deadline", *owing(*more)) == (verdict, mistake)


def test_who_was_not_watched_for_long_enough_may_still_be_cut_off() -> None:
    assert result("server.deadline", *owing(waited=3.0)).verdict is Verdict.UNDECIDED


def test_a_digest_that_our_side_sent_too_late_says_nothing() -> None:
    late = [*asked("late", at=1), sent(RIGHT, "late", at=6), closed("late", at=6)]
    in_time = [*asked("late", at=1), sent(RIGHT, "late", at=4), closed("late", at=4)]
    assert result("server.in-time", *late).verdict is Verdict.UNDECIDED
    assert named("server.in-time", *in_time) == (Verdict.FAIL, "too-impatient")


@pytest.mark.parametrize("shown", [repr(SECRET), SECRET.decode(), SECRET.hex(), base64.b64encode(SECRET).decode()])
def test_a_secret_that_was_printed_is_found_in_whatever_form(shown: str) -> None:
    events = [Told(0, "secret", value_of(SECRET)), *served("friend"), Exited(1, "server", 0)]
    assert passed("server.secret-kept", *events)
    printed = Printed(1, "server", "stdout", f"key: {shown}\n", 30)
    assert named("server.secret-kept", *events, printed) == (Verdict.FAIL, "secret-printed")


# --- the client -------------------------------------------------------------------------------------------------------

LINES = (b"hello", b"How are you?")
DUE = RIGHT + b"".join(LINES)


def flow(data: bytes, direction: str, conn: str = "a") -> Flow:
    return Flow(9, conn, direction, len(data), blocks_of(data), data[:120])


def called(came: bytes, *more: Event, lines: Iterable[bytes] = LINES) -> list[Event]:
    """The client has called, was asked, and sent this."""
    told = [Told(0, "secret", value_of(SECRET)), Connected(0, "a", "student")]
    due = Told(0, "a", value_of([line.upper().decode() for line in lines]))
    flows = [flow(RIGHT + b"".join(lines), "due"), *([flow(came, "received")] if came else [])]
    return [*told, due, sent(ASKED), *more, *flows]


def gave(value: object) -> Returned:
    return Returned(1, "a", 0, value_of(value))


def raised(error: BaseException) -> Raised:
    return Raised(1, "a", 0, type(error).__name__, tuple(c.__name__ for c in type(error).__mro__), str(error))


WRONG = {names[0]: wrong for names, wrong in mistaken(SECRET, ASKED) if len(names) == 1}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_digest_is_named(mistake: str) -> None:
    assert named("client.digest", *called(WRONG[mistake] + b"hello")) == (Verdict.FAIL, mistake)


@pytest.mark.parametrize(
    ("came", "mistake"),
    [
        (RIGHT + b"\nhello", "adds-bytes"),
        (SECRET + b"hello", "secret-sent"),
        (b"nothing that is known", None),
    ],
)
def test_what_else_may_come_in_place_of_a_digest(came: bytes, mistake: str | None) -> None:
    assert named("client.digest", *called(came)) == (Verdict.FAIL, mistake)


def test_the_right_digest_passes_whatever_becomes_of_the_lines() -> None:
    assert passed("client.digest", *called(RIGHT, Quiet(1, "a", "bytes")))


NO_CALL = [
    (raised(ConnectionRefusedError("[Errno 111]")), "calls-elsewhere"),
    (raised(NotImplementedError("")), None),
    (Returned(1, "a", 0, value_of(x for x in "")), "chat-does-not-run"),
]


@pytest.mark.parametrize(("outcome", "mistake"), NO_CALL)
def test_why_nobody_called(outcome: Event, mistake: str | None) -> None:
    assert named("client.digest", outcome, Exited(2, "a", 1)) == (Verdict.FAIL, mistake)


ANSWERS = ["HELLO", "HOW ARE YOU?"]
CHATS = [
    ("client.chat", DUE, gave(ANSWERS), None),
    ("client.chat", DUE, gave(tuple(ANSWERS)), None),
    ("client.chat", DUE, gave(None), "returns-nothing"),
    ("client.chat", DUE, gave([b"HELLO", b"HOW ARE YOU?"]), "returns-bytes"),
    ("client.chat", RIGHT, Quiet(1, "a", "bytes"), "waits-for-welcome"),
    ("client.chat", RIGHT + b"hello", Quiet(1, "a", "bytes"), "waits-for-more-answer"),
    ("client.chat", DUE, Quiet(1, "a", "end"), "never-ends"),
    ("client.chat", RIGHT + b"hello\nHow are you?\n", gave(ANSWERS), "adds-bytes"),
    ("client.chat", DUE + b"q", gave(ANSWERS), "adds-bytes"),
    ("client.challenge-bytes", answer(SECRET, ASKED[:10]) + b"hello", gave(ANSWERS), "decodes-challenge"),
    ("client.long-lines", DUE, gave(["HELLO", "HOW"]), "answer-in-one-recv"),
    ("client.text", DUE, raised(UnicodeDecodeError("utf-8", b"\xe5", 0, 1, "end")), "length-in-characters"),
    ("client.text", DUE, raised(UnicodeEncodeError("gbk", "é", 0, 1, "no")), "other-encoding"),
    ("client.text", DUE, raised(ValueError("not what I said")), "-"),
]


@pytest.mark.parametrize(("check", "came", "outcome", "mistake"), CHATS)
def test_conversations(check: str, came: bytes, outcome: Event, mistake: str | None) -> None:
    """mistake: None where it passes, "-" where it fails without a name."""
    found = result(check, *called(came, outcome))
    if mistake is None:
        assert found.verdict is Verdict.PASS
    else:
        assert (found.verdict, found.mistake or "-") == (Verdict.FAIL, mistake)


def test_what_comes_when_our_side_has_given_up_is_no_answer() -> None:
    assert not passed("client.chat", *called(DUE, Quiet(1, "a", "end"), gave(ANSWERS)))


def ended(outcome: Callable[[str], Event], *names: str) -> list[Event]:
    return [e for name in names for e in (Connected(0, name, "student"), outcome(name))]


def raises(error: BaseException) -> Callable[[str], Event]:
    bases = tuple(c.__name__ for c in type(error).__mro__)
    return lambda run: Raised(1, run, 0, bases[0], bases, str(error))


ENDS = [
    ("client.refused", raises(PermissionError()), None),
    ("client.refused", raises(ConnectionResetError()), "refusal-unsaid"),
    ("client.refused", raises(SystemExit()), "exits-program"),
    ("client.refused", lambda run: Returned(1, run, 0, value_of(["", ""])), "goes-on-after-refusal"),
    ("client.refused", lambda run: Busy(1, run, 1.0, 3.0), "spins-on-end"),
    ("client.lost", raises(ConnectionResetError()), None),
    ("client.lost", raises(OSError()), None),
    ("client.lost", raises(PermissionError()), "loss-as-refusal"),
    ("client.lost", lambda run: Returned(1, run, 0, value_of(["HELLO"])), "loss-unnoticed"),
    ("client.cut-answer", lambda run: Returned(1, run, 0, value_of(["HELLO", "SEE Y"])), "short-answer"),
    ("client.short-challenge", raises(ConnectionError()), None),
    ("client.short-challenge", raises(PermissionError()), "unasked-refusal"),
]
CONNECTIONS = {
    "client.refused": ("FIN", "closed", "RST"),
    "client.lost": ("FIN", "RST"),
    "client.cut-answer": ("a",),
    "client.short-challenge": ("31 bytes", "0 bytes", "broken off"),
}


@pytest.mark.parametrize(("check", "outcome", "mistake"), ENDS)
def test_ends(check: str, outcome: Callable[[str], Event], mistake: str | None) -> None:
    verdict = Verdict.FAIL if mistake else Verdict.PASS
    assert named(check, *ended(outcome, *CONNECTIONS[check])) == (verdict, mistake)


def test_a_digest_of_a_short_challenge_is_one_too_many_even_if_an_error_follows() -> None:
    events = ended(raises(ConnectionError()), "31 bytes", "0 bytes", "broken off")
    sends = flow(answer(SECRET, ASKED[:31]), "received", "31 bytes")
    assert named("client.short-challenge", *events, sends) == (Verdict.FAIL, "hashes-short-challenge")


def test_one_line_after_a_refusal_may_be_on_its_way_but_no_second() -> None:
    base = [flow(RIGHT + b"hello", "due", "FIN")]
    assert passed("client.silent-when-refused", *base, flow(RIGHT + b"hello", "received", "FIN"))
    second = flow(RIGHT + b"helloHow are you?", "received", "FIN")
    assert named("client.silent-when-refused", *base, second) == (Verdict.FAIL, "goes-on-after-refusal")
