"""The order of locks: traces written by hand."""

from __future__ import annotations

import pytest

from grader.analysis.lock_order import cycle
from grader.model import Did, Event, Frame, Step, Trace

ALL = "main", "1", "2", "3"


def told(text: str, present: dict[str, str] | None = None) -> Trace:
    """`1 +a` wants lock a and gets it, `1 ?a` wants it with a time-out and gets it, `1 -a` frees it.

    present: task → who was there at its steps; everybody else where it is not said.
    """
    events: list[Event] = []
    for i, word in enumerate(text.split(";")):
        task, what = word.split()
        others = (present or {}).get(task, " ".join(ALL)).split()
        where = Frame("m.py", i, "f", what)
        events.append(Step(i, "r", task, "step", where, tuple(others)))
        verbs = {"+": ("wants", "takes"), "?": ("tries", "takes"), "-": ("frees",), "!": ("wants",)}[what[0]]
        events += [Did(i, "r", task, verb, what[1:], where) for verb in verbs]
    return Trace("c", tuple(events))


def found(text: str, present: dict[str, str] | None = None) -> list[str]:
    return [f"{e.task}: {e.held} {e.wanted}" for e in cycle(told(text, present))]


OPPOSITE = "1 +a;1 +b;1 -b;1 -a;2 +b;2 +a;2 -a;2 -b"


def test_opposite_orders_are_found_though_nothing_stood_still():
    assert found(OPPOSITE) == ["1: a b", "2: b a"]


def test_who_waits_for_ever_is_in_the_round_too():
    assert found("1 +a;2 +b;1 !b;2 !a") == ["1: a b", "2: b a"]


def test_three_may_stand_in_a_round():
    assert found("1 +a;1 +b;1 -b;1 -a;2 +b;2 +c;2 -c;2 -b;3 +c;3 +a;3 -a;3 -c") == ["1: a b", "2: b c", "3: c a"]


@pytest.mark.parametrize(
    "text",
    [
        "1 +a;1 +b;1 -b;1 -a;2 +a;2 +b;2 -b;2 -a",  # one order
        "1 +a;1 -a;1 +b;1 -b;2 +b;2 -b;2 +a;2 -a",  # one at a time
        "1 +a;1 +b;1 -b;1 -a;1 +b;1 +a;1 -a;1 -b",  # both orders, but one task
        "1 +g;1 +a;1 +b;1 -b;1 -a;1 -g;2 +g;2 +b;2 +a;2 -a;2 -b;2 -g",  # inside of another lock
        "1 +a;1 ?b;1 -b;1 -a;2 +b;2 +a;2 -a;2 -b",  # one of them gives up in time
        "1 +a;1 +a;1 -a;1 -a;2 +a;2 +a;2 -a;2 -a",  # a lock that may be taken twice
        "1 +a;1 +b;2 -b;1 -a;2 +b;2 +a;2 -a;2 -b",  # b is freed by somebody else: a signal
        "1 +a;2 +a;1 +b;1 -b;1 -a;2 -a;2 +b;2 +a;2 -a;2 -b",  # a is held by two: no lock
    ],
)
def test_no_round(text):
    assert found(text) == []


def test_who_was_not_there_yet_cannot_have_met_it():
    assert found(OPPOSITE, {"1": "main 1", "2": "main 2"}) == []


def test_who_has_ended_may_have_been_lucky_unless_it_was_waited_for():
    assert found(OPPOSITE, {"2": "main 2"}) == ["1: a b", "2: b a"]
    assert found(OPPOSITE.replace("2 ", "main "), {"main": "main"}) == []


def test_a_run_that_is_not_told_says_nothing():
    assert cycle(Trace("c", ())) == ()
