"""A conversation read line by line: what belongs to which line, and what came in time."""

from __future__ import annotations

import pytest

from grader.analysis.terminal import Line, before, ends_a_line, lines
from grader.model import Asked, Connected, Ended, Event, Flow, InputEnded, Received, Sent, Shown, Trace, Typed


def typed(text: str) -> tuple[Event, ...]:
    return Asked(0, "r"), Typed(0, "r", text)


def got(data: bytes, conn: str = "a") -> Received:
    return Received(0, conn, data, len(data))


def sent(data: bytes, conn: str = "a") -> Sent:
    return Sent(0, conn, data, len(data))


def read(*events: Event, conn: str = "a") -> tuple[Line, ...]:
    return lines(Trace("c", events), "r", conn)


def test_a_line_lasts_until_the_next_one_whoever_says_it() -> None:
    seen = read(*typed("one"), got(b"o"), got(b"ne"), sent(b"two"), Shown(0, "r", "two\n"), *typed(""), Asked(0, "r"))
    assert [(x.by, x.data, x.got, x.asked) for x in seen] == [
        ("person", b"one", b"one", False),
        ("peer", b"two", b"", True),
        ("person", b"", b"", True),
    ]
    assert seen[0].arrived
    assert seen[1].printed


def test_what_is_printed_after_asking_is_late() -> None:
    (line, _) = read(sent(b"two"), Shown(0, "r", "> "), *typed("three"), Shown(0, "r", "two\n"))
    assert (line.shown, line.late) == ("> ", "two\n")
    assert line.printed_late
    assert not line.printed


def test_the_end_of_the_input_is_a_line_of_nobody() -> None:
    (line,) = read(Asked(0, "r"), InputEnded(0, "r"), Ended(0, "a", "fin"))
    assert (line.by, line.data, line.ended) == ("end", b"", "fin")


def test_each_client_has_lines_of_its_own() -> None:
    events = [Connected(0, "a", "peer"), *typed("to a"), got(b"to a"), Connected(0, "b", "peer"), *typed("to b")]
    events += [got(b"late", "a"), got(b"to b", "b")]
    assert [x.data for x in read(*events)] == [b"to a"]
    assert [x.got for x in read(*events, conn="b")] == [b"to b"]
    assert read(*events, conn="nobody") == ()


def test_other_runs_and_what_comes_after_the_case_do_not_count() -> None:
    over = Flow(0, "a", "received", 3, (), b"")
    (line,) = read(sent(b"x"), Shown(0, "other", "x\n"), Asked(0, "other"), over, Shown(0, "r", "x\n"))
    assert (line.shown, line.late, line.asked) == ("", "", False)


def test_what_comes_before_the_first_line() -> None:
    trace = Trace("c", (got(b"welcome"), Shown(0, "r", "hi\n"), *typed("one"), got(b"one")))
    assert before(trace, "r", "a") == Line("", b"", b"welcome", "hi\n", asked=True)


@pytest.mark.parametrize(
    ("text", "shown", "ends"),
    [
        ("hello", "hello\n", True),
        ("hello", "> client: hello  \n", True),
        ("hello", "\x1b[31mhello\x1b[0m\r\nnext", True),
        ("hello", "no line end: hello", True),
        ("hello", "hello (from 127.0.0.1)\n", False),
        ("hello", "hell\no\n", False),
        ("q ", "q \n", True),
        ("q ", "q\n", False),
        ("q ", "q   \n", True),
        (" ", "\n", False),
        (" ", "client:  \n", True),
    ],
)
def test_a_message_is_on_the_screen_where_a_line_ends_with_it(text: str, shown: str, ends: bool) -> None:
    assert ends_a_line(text, shown) is ends
