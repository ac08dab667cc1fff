"""What calls on a socket gave before their program stood still, and why there were no answers."""

from __future__ import annotations

import pytest

from grader.analysis.calls import answers, parts, spinning, stopped, used_closed
from grader.analysis.outcomes import Outcome
from grader.checks import Unclear, Violation
from grader.model import (
    Busy,
    Connected,
    Drained,
    Event,
    Exited,
    GaveUp,
    Quiet,
    Raised,
    Returned,
    Trace,
    Unread,
    Value,
    Vanished,
)

CONNECTED, QUIET = Connected(0.1, "a", "student"), Quiet(0.5, "a", "return")
VALUE = Value("int", shown="7")


def trace(*events: Event) -> Trace:
    return Trace("case", events)


def raised(*bases: str, message: str = "") -> Outcome:
    return Outcome(raised=Raised(0.3, "a", 0, bases[0], bases, message))


def test_parts_are_the_connections_in_their_order() -> None:
    assert parts(trace(Connected(0, "b", "student"), CONNECTED, CONNECTED)) == ("b", "a")


def test_a_process_that_ended_before_it_connected_is_the_programs_doing() -> None:
    with pytest.raises(Violation, match="exit code 1"):
        parts(trace(Exited(0, "a", 1)))


@pytest.mark.parametrize("events", [(), (Exited(0, "a", None, "SIGKILL"),), (Exited(0, "a", 1), Vanished(1, "gone"))])
def test_no_connection_for_another_reason_decides_nothing(events: tuple[Event, ...]) -> None:
    with pytest.raises(Unclear):
        parts(trace(*events))


def test_what_comes_after_a_standstill_is_no_answer() -> None:
    one, two = Returned(0.2, "a", 0, VALUE), Returned(0.9, "a", 1, VALUE)
    assert len(answers(trace(one, two), "a")) == 2
    assert len(answers(trace(one, QUIET, two), "a")) == 1
    assert len(answers(trace(one, Quiet(0.5, "another", "return"), two), "a")) == 2


def test_why_nothing_came() -> None:
    left = stopped(trace(CONNECTED, Unread(0.3, "a", 12), QUIET), "a")
    assert (str(left.text), left.quiet) == ("it waits and leaves 12 bytes unread", True)
    assert "12" not in str(stopped(trace(CONNECTED, Unread(0.3, "a", 12), Drained(0.4, "a", 20), QUIET), "a").text)
    assert "exit code 3" in str(stopped(trace(Exited(0.2, "a", 3)), "a").text)


@pytest.mark.parametrize("events", [(), (CONNECTED, Vanished(0.2, "gone"))])
def test_no_connection_or_no_agent_tells_nothing(events: tuple[Event, ...]) -> None:
    with pytest.raises(Unclear):
        stopped(trace(*events), "a")


def test_a_loop_is_no_sleep() -> None:
    assert spinning(trace(Busy(2, "a", 1.0, 2.0)), "a")
    assert spinning(trace(GaveUp(9, "return", 9.0, "a")), "a")
    assert not spinning(trace(QUIET, Busy(2, "b", 1.0, 2.0)), "a")


def test_a_socket_or_a_file_closed_on_their_own_side() -> None:
    assert used_closed(raised("OSError", message="[Errno 9] Bad file descriptor"))
    assert used_closed(raised("ValueError", message="I/O operation on closed file."))
    assert not used_closed(raised("ConnectionResetError", "OSError", message="[Errno 104] reset"))
    assert not used_closed(Outcome(VALUE))
