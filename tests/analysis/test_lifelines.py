"""The drawing of processes, as a reader sees it."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from grader.analysis.lifelines import ENDS, RUNS, STARTS, STRUCK, ZOMBIE, drawings
from grader.model import (
    Arrived,
    Called,
    Died,
    Event,
    Execed,
    Forked,
    Killed,
    Left,
    Reaped,
    Returned,
    Started,
    Trace,
    Value,
)
from tests.support.properties import steady


def drawn(*events: Event, columns: int = 40) -> list[str]:
    begun = Started(0, "a", "f", 10)
    trace = Trace("c", (begun, *(dataclasses.replace(e, at=float(i)) for i, e in enumerate(events, 1))))
    (drawing,) = drawings(trace, columns)
    marks = [f"{' ' * (mark.column + 9)}▼ {mark.what}" for mark in drawing.marks]
    lanes = [f"{lane.who!s:9}{lane.line.rstrip()}  {lane.end}" for lane in drawing.lanes]
    return [*marks, *lanes, *([f"{drawing.left_out} more"] if drawing.left_out else [])]


def test_a_child_that_is_terminated_and_lies_about_before_it_is_collected():
    assert drawn(
        Called(0, "a", 0, "run_first"),
        Forked(0, "a", 11, 10),
        Arrived(0, "a", "slow", 11, 10, 11),
        Killed(0, "a", 11, "SIGTERM", 10),
        Died(0, "a", 11, None, "SIGTERM"),
        Returned(0, "a", 0, Value("int")),
        Reaped(0, "a", 11, 10),
        Left(0, "a"),
        Died(0, "a", 10, 0),
    ) == [
        "                 ▼ run_first has returned",
        "                     ▼ the main code has ended",
        "main 10  ├─────────────┤  exit code 0",
        "slow 11    ├─!─┤░░░  SIGTERM",
    ]


def test_what_never_ends_and_what_is_never_collected():
    assert drawn(Forked(0, "a", 11, 10), Forked(0, "a", 12, 10), Died(0, "a", 11, 3)) == [
        "main 10  ├────────  runs on",
        "child 11   ├───┤░░  exit code 3",
        "child 12     ├────  runs on",
    ]


def test_helpers_are_called_so():
    tracker = Execed(0, "a", 11, ("python", "-c", "from multiprocessing.resource_tracker import main"))
    assert drawn(Forked(0, "a", 11, 10), tracker)[1] == "helper 11  ├──  runs on"


def test_calls_in_which_no_process_was_touched_have_no_mark():
    quiet = [Called(0, "a", 0, "whoami"), Returned(0, "a", 0, Value("tuple"))]
    assert len(drawn(*quiet, Forked(0, "a", 11, 10))) == 2


def test_a_crowd_is_cut_and_counted():
    crowd = [Forked(0, "a", 11 + i, 10) for i in range(30)]
    assert drawn(*crowd)[-1] == "19 more"


def test_no_drawing_where_no_process_was_started():
    assert list(drawings(Trace("c", (Started(0, "a", "f", 10), Left(1, "a"))), 40)) == []


EVENTS = st.one_of(
    st.builds(Forked, st.floats(0, 9), st.just("a"), st.integers(10, 14), st.integers(10, 14)),
    st.builds(Killed, st.floats(0, 9), st.just("a"), st.integers(10, 14), st.just("SIGTERM"), st.just(10)),
    st.builds(Died, st.floats(0, 9), st.just("a"), st.integers(10, 14), st.integers(0, 9)),
    st.builds(Reaped, st.floats(0, 9), st.just("a"), st.integers(10, 14), st.just(10)),
)


@steady
@given(st.lists(EVENTS, max_size=60), st.integers(8, 60))
def test_whatever_the_record_says_the_drawing_fits(events: list[Event], columns: int) -> None:
    for drawing in drawings(Trace("c", (Started(0, "a", "f", 10), *events)), columns):
        for lane in drawing.lanes:
            assert len(lane.line) <= columns
            assert set(lane.line) <= {" ", STARTS, RUNS, STRUCK, ENDS, ZOMBIE}
