"""What the checks of `tcp_chat` make of traces written by hand: mistakes by their symptoms, and the fine lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.catalog import Course
from grader.checks import Check
from grader.judge import judge_trace
from grader.model import (
    Asked,
    Connected,
    Ended,
    Event,
    Exited,
    Finished,
    Frame,
    InputEnded,
    Printed,
    Quiet,
    Raised,
    Received,
    Refused,
    Result,
    Returned,
    Sent,
    Shown,
    Trace,
    Typed,
    Unread,
    Value,
    Vanished,
    Verdict,
)

COURSE = Course(Path(__file__).parents[2])
CHECKS: dict[str, Check] = {c.id.removeprefix("tcp_chat."): c for c in COURSE.exercise("tcp_chat").checks}


def result(check: str, *events: Event) -> Result:
    return judge_trace(CHECKS[check], Trace("case", events))


def killed(run: str = "server") -> Exited:
    """How every run ends that the script does not end: by our side."""
    return Exited(99, run, None, "SIGKILL")


def comes(conn: str = "a", by: str = "peer") -> Connected:
    return Connected(0, conn, by)


def typed(text: str, run: str = "server") -> tuple[Event, ...]:
    return Asked(1, run), Typed(1, run, text)


def said(text: str, conn: str = "a", run: str = "server") -> tuple[Event, ...]:
    """Typed, and received by our side."""
    return *typed(text, run), Received(1, conn, text.encode(), len(text.encode()))


def heard(text: str, shown: str | None = None, conn: str = "a", run: str = "server") -> tuple[Event, ...]:
    """Sent by our side, and printed, by default as it was said."""
    message = text.encode()
    return Sent(1, conn, message, len(message)), Shown(1, run, text + "\n" if shown is None else shown)


def waits(run: str = "server", where: Frame | None = None) -> Quiet:
    return Quiet(2, run, "line", where)


def raised(*bases: str, run: str = "server") -> Raised:
    return Raised(2, run, 0, bases[0], bases, "", (Frame("chat_server.py", 9, "serve", ""),))


def returned(run: str) -> Returned:
    return Returned(2, run, 0, Value("none"))


CLOSES = Ended(2, "a", "fin")
SENDS_A_STR = Raised(2, "server", 0, "TypeError", ("TypeError",), "a bytes-like object is required, not 'str'")
TURN = (comes(), *said("one"), *heard("two"))


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("events", [(), (Vanished(1, "gone"),), (killed(),)], ids=["nothing", "vanished", "killed"])
def test_nothing_seen_is_no_pass(check: str, events: tuple[Event, ...]) -> None:
    assert result(check, *events).verdict is not Verdict.PASS


SYMPTOMS = {
    "deaf": ("server.speaks-first", [comes(), waits()], "waits-to-hear-first"),
    "sends a line end": (
        "server.speaks-first",
        [comes(), *typed("one"), Received(1, "a", b"one\n", 4), waits()],
        "adds-to-message",
    ),
    "greets": ("server.speaks-first", [comes(), Received(0, "a", b"hi", 2), *said("one")], "out-of-turn"),
    "sends gbk": (
        "server.turns",
        [comes(), *typed("你好"), Received(1, "a", "你好".encode("gbk"), 4), waits()],
        "not-utf8",
    ),
    "prints bytes": ("server.turns", [comes(), *said("1"), *heard("two", "b'two'\n"), *said("3")], "prints-bytes"),
    "prints something behind": (
        "server.turns",
        [comes(), *said("1"), *heard("two", "['two']\n"), *said("3")],
        "prints-behind",
    ),
    "prints on stderr": (
        "server.turns",
        [comes(), *said("1"), *heard("two", ""), *said("3"), Printed(3, "server", "stderr", "two\n> ", 6)],
        "prints-elsewhere",
    ),
    "takes a few bytes": (
        "server.turns",
        [comes(), *said("1"), *heard("in pieces", "in pi\n"), *said("3"), *heard("four", "eces\n"), *said("5")],
        "short-recv",
    ),
    "prints the one before": (
        "server.unicode",
        [comes(), *said("1"), *heard("二", ""), *said("3"), *heard("四", "二\n"), *said("5")],
        "asks-before-print",
    ),
    "closes at once": ("server.speaks-first", [comes(), CLOSES, waits()], "closes-at-once"),
    "sends a str": ("server.speaks-first", [comes(), *typed("1"), SENDS_A_STR, CLOSES], "bytes-and-str"),
    "refuses 1024 bytes": ("server.long", [comes(), *typed("x" * 1024), Asked(2, "server"), waits()], "low-limit"),
    "goes on without a line": ("server.too-long", [comes(), *typed("x" * 1025), waits()], "not-asked-again"),
    "dies of a long line": ("server.too-long", [comes(), *typed("x" * 1025), CLOSES], "too-long-ends"),
    "keeps blanks": ("server.q-words", [*TURN, *typed("   "), Asked(2, "server"), waits()], "blank-as-empty"),
    "prints nothing": ("server.turns", [comes(), *said("1"), *heard("two", ""), *said("3")], "not-printed"),
    "reads to the end": ("server.turns", [comes(), *said("1"), *heard("two", ""), waits()], "waits-for-more"),
    "answers by itself": (
        "server.turns",
        [comes(), *said("1"), *heard("two"), Received(1, "a", b"ok", 2), *said("3")],
        "out-of-turn",
    ),
    "one turn": ("server.turns", [*TURN, CLOSES], "one-message-only"),
    "sends nothing for nothing": ("server.empty-line", [comes(), *typed(""), waits()], "empty-line-deadlock"),
    "asks anew once": (
        "server.too-long",
        [comes(), *typed("x" * 1025), Asked(2, "server"), *typed(""), waits()],
        "tested-once",
    ),
    "cuts a line": (
        "server.too-long",
        [comes(), *typed("x" * 1025), Received(2, "a", b"x" * 1024, 1024)],
        "cuts-line",
    ),
    "ends for nothing": ("server.empty-line", [comes(), *typed(""), CLOSES], "empty-line-ends"),
    "keeps Q": ("server.says-q", [*TURN, *typed("Q"), CLOSES], "quit-not-sent"),
    "goes on after Q": ("server.says-q", [*TURN, *said("Q"), waits()], "quit-goes-on"),
    "asks after Q": ("server.hears-q", [*TURN, *said("3"), *heard("Q", ""), Asked(2, "server")], "quit-not-heard"),
    "prints Q": ("server.hears-q", [*TURN, *said("3"), *heard("Q"), CLOSES], "quit-printed"),
    "prints Q as the rest": (
        "server.hears-q",
        [
            comes(),
            *said("1"),
            *heard("two", "[12:05] peer: two\n"),
            *said("3"),
            *heard("Q", "[12:06] peer: Q\n"),
            CLOSES,
        ],
        "quit-printed",
    ),
    "answers Q": (
        "server.hears-q",
        [*TURN, *said("3"), *heard("Q", ""), Received(1, "a", b"Q", 1), CLOSES],
        "quit-answered",
    ),
    "asks the gone": (
        "server.client-leaves",
        [*TURN, *said("3"), Finished(1, "a"), Asked(2, "server"), waits()],
        "end-not-noticed",
    ),
    "dies of the gone": (
        "server.leaves-while-asked",
        [
            comes(),
            comes("b"),
            *typed("x"),
            raised("BrokenPipeError", "ConnectionError", "OSError"),
            Refused(3, "c", ""),
        ],
        "vanished-client-kills",
    ),
    "keeps to the gone": (
        "server.reset",
        [comes(), comes("b"), *typed("x"), *typed("y"), waits()],
        "stays-with-the-gone",
    ),
    "no except": ("server.end-of-input", [*TURN, InputEnded(1, "server"), CLOSES, raised("EOFError")], "eof-error"),
    "asks on": (
        "server.end-of-input",
        [*TURN, InputEnded(1, "server"), Asked(2, "server"), waits()],
        "input-end-ignored",
    ),
}


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_a_symptom_names_its_mistake(symptom: str) -> None:
    check, events, mistake = SYMPTOMS[symptom]
    found = result(check, *events, killed())
    assert (found.verdict, found.mistake) == (Verdict.FAIL, mistake)


def test_what_the_program_says_on_its_way_out_is_no_message() -> None:
    found = result("server.hears-q", *TURN, *said("3"), *heard("Q", "they said Q\n"), CLOSES, killed())
    assert found.verdict is Verdict.PASS


@pytest.mark.parametrize("goodbye", [b"", b"Q", b"q"])
def test_at_the_end_of_the_input_one_may_say_goodbye(goodbye: bytes) -> None:
    words = [Received(2, "a", goodbye, 1)] if goodbye else []
    found = result("server.end-of-input", *TURN, InputEnded(1, "server"), *words, CLOSES, killed())
    assert found.verdict is Verdict.PASS


def test_the_next_client_may_get_the_second_line() -> None:
    gone = [comes(), comes("b"), *typed("lost"), *said("for b", "b"), comes("c"), *said("for c", "c")]
    assert result("server.leaves-while-asked", *gone, killed()).verdict is Verdict.PASS


# --- the client -----------------------------------------------------------------------------------------------------


def ends(*how: Event, check: str = "client.leaves-while-asked") -> Result:
    return result(check, comes("client", "student"), *how)


@pytest.mark.parametrize(
    "how",
    [
        returned("client"),
        raised("ConnectionResetError", "ConnectionError", "OSError", run="client"),
        raised("SystemExit", "BaseException", run="client"),
        Exited(2, "client", 0),
    ],
)
def test_a_client_may_end_in_any_of_these_ways(how: Event) -> None:
    assert ends(how).verdict is Verdict.PASS


def test_but_not_by_a_blunder_and_not_never() -> None:
    assert ends(raised("IndexError", "LookupError", run="client")).mistake == "wrong-exception"
    assert ends(Asked(1, "client"), waits("client"), returned("client")).mistake == "end-not-noticed"


FIRST = (comes("client", "student"), Asked(0, "client"), Sent(1, "client", b"one", 3))


def test_a_client_that_asks_before_it_listens_speaks_first() -> None:
    found = result("client.listens-first", *FIRST, Unread(1, "client", 3), *typed("two", "client"))
    assert (found.verdict, found.mistake) == (Verdict.FAIL, "speaks-first")


def test_one_that_reads_ahead_listens_too_but_asks_before_the_message_is_on_the_screen() -> None:
    ahead = [*FIRST, Shown(1, "client", "one\n"), *typed("two", "client")]
    assert result("client.listens-first", *ahead).verdict is Verdict.PASS
    found = result("client.prints-first", *ahead)
    assert (found.verdict, found.mistake) == (Verdict.FAIL, "asks-out-of-turn")
