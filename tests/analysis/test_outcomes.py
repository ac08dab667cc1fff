"""What became of calls, and why nothing more came, read from hand-written traces."""

from __future__ import annotations

import pytest

from grader.analysis.outcomes import Outcome, outcomes, standstill
from grader.model import (
    Busy,
    Called,
    Event,
    Exited,
    Frame,
    GaveUp,
    Imported,
    PassedOver,
    Quiet,
    Raised,
    Returned,
    Started,
    Trace,
    Value,
)

OUTER = Frame("m.py", 3, "recv_message", "head = exact(sock, 4)")
INNER = Frame("m.py", 9, "exact", "data += sock.recv(n)")
SEVEN, NONE = Value("int", digest="7", shown="7"), Value("none", shown="None")
RESET = Raised(
    0.4,
    "a",
    1,
    "ConnectionResetError",
    ("ConnectionResetError", "ConnectionError", "OSError", "Exception", "BaseException", "object"),
    "[Errno 104] Connection reset by peer\nand more",
    (OUTER, INNER),
)


def trace(*events: Event) -> Trace:
    return Trace("recv.one", events)


WHOLE = trace(
    Started(0.0, "a", "m:f", 7),
    Imported(0.1, "a"),
    Called(0.1, "a", 0, "f"),
    Returned(0.2, "a", 0, SEVEN),
    Returned(0.3, "b", 0, NONE),
    RESET,
    Exited(0.5, "a", 1),
)


def test_outcomes_are_those_of_one_run_in_the_order_in_which_they_came():
    assert outcomes(WHOLE, "a") == (Outcome(value=SEVEN), Outcome(raised=RESET))
    assert outcomes(WHOLE, "b") == (Outcome(value=NONE),)
    assert outcomes(WHOLE, "c") == ()


def test_a_value_and_an_exception():
    value, raised = outcomes(WHOLE, "a")
    assert (str(value.text), value.where, value.is_a("object")) == ("it returned 7", None, False)
    assert str(raised.text) == "it raised ConnectionResetError: [Errno 104] Connection reset by peer"
    assert raised.where == INNER, "the innermost of the student's lines"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("ConnectionError",), True),
        (("ValueError", "OSError"), True),
        (("ConnectionResetError",), True),
        (("ValueError",), False),
        (("Connection",), False),
        ((), False),
    ],
)
def test_an_exception_is_of_its_classes_and_their_bases(names, expected):
    assert outcomes(WHOLE, "a")[1].is_a(*names) is expected


def test_an_exception_is_chosen_where_the_line_says_so() -> None:
    lines = ("raise ValueError(n)", "assert n < 10", "data += sock.recv(n)", "raised = 3")
    raised = [Outcome(raised=Raised(0, "a", 0, "E", ("E",), "", (OUTER, Frame("m.py", 9, "exact", s)))) for s in lines]
    assert [o.chosen for o in raised] == [True, True, False, False]
    assert not Outcome(value=SEVEN).chosen


def test_a_long_message_is_cut_for_a_sentence():
    long = Outcome(raised=Raised(0.1, "a", 0, "ValueError", ("ValueError",), "x" * 5000))
    assert len(str(long.text)) < 300
    assert long.where is None


# events → (sentence, where, asleep)
STANDSTILLS = {
    "asleep, place known": (
        [Quiet(1.0, "a", "bytes", INNER), Exited(1.1, "a", None, "SIGKILL")],
        ("it has read all that was sent and waits for more, in m.py:9: data += sock.recv(n)", INNER, True),
    ),
    "asleep, place not known": (
        [Quiet(1.0, "a", "bytes")],
        ("it has read all that was sent and waits for more", None, True),
    ),
    "busy": ([Busy(3.0, "a", 0.987, 3.01)], ("it computes without a pause (99 % of 3.01 s)", None, False)),
    "passed over": (
        [PassedOver(1.0, "a", "bytes", 9, 0.6)],
        ("it answered another client 9 times meanwhile", None, False),
    ),
    "given up, going round": (
        [GaveUp(3.0, "job", 3.02, "a", OUTER, turns=150)],
        ("it slept and woke 150 times in 3.02 s, and nothing came of it", OUTER, True),
    ),
    "given up": ([GaveUp(10.0, "bytes", 10.02, "a", OUTER)], ("it was still not done after 10.02 s", OUTER, False)),
    "ended": ([Exited(1.0, "a", 3)], ("its process ended with exit code 3", None, False)),
    "ended well": ([Exited(1.0, "a", 0)], ("its process ended with exit code 0", None, False)),
    "ended by a signal": ([Exited(1.0, "a", None, "SIGSEGV")], ("its process was ended by SIGSEGV", None, False)),
    "nothing is known": ([], ("nothing more came from it", None, False)),
    "another's": (
        [Quiet(1.0, "b", "bytes", INNER), Busy(2.0, "b", 1.0, 3.0), GaveUp(3.0, "x", 1.0, "b"), Exited(3.0, "b", 1)],
        ("nothing more came from it", None, False),
    ),
    "the first reason stands": (
        [GaveUp(10.0, "bytes", 10.0, "a"), Quiet(11.0, "a", "exit", INNER)],
        ("it was still not done after 10.0 s", None, False),
    ),
}


@pytest.mark.parametrize(("events", "expected"), STANDSTILLS.values(), ids=STANDSTILLS.keys())
def test_why_nothing_more_came(events, expected):
    found = standstill(trace(*events), "a")
    assert (str(found.text), found.where, found.quiet) == expected
