"""What the checks of `producer_consumer` read out of traces where no mutant shows it: odd plates, odd queues."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.catalog import find_course
from grader.judge import judge_trace
from grader.model import Arrived, Called, Event, Given, Marked, Returned, Scheduled, Told, Trace, Value, Verdict
from grader.wire.payload import value_of

EXERCISE = find_course(Path(__file__).parents[2]).exercise("producer_consumer")
CHECKS = {c.id.removeprefix("producer_consumer."): c for c in EXERCISE.checks}
ARGS = {"producers": {"Li": "bun", "Wang": "tea"}, "consumers": ["Ann", "Bo"], "n": 2}
FULL = {"Ann": ["bun0", "tea0", "bun1"], "Bo": ["tea1"]}
N = 40


def plates(eaten: object) -> Value:
    """As the driver tells what run returned."""
    if not isinstance(eaten, dict):
        return value_of(eaten)
    return value_of(["dict", *([name, type(plate).__name__, *plate] for name, plate in eaten.items())])


def played(eaten: object, how: str = "ended", reason: str = "") -> tuple[Event, ...]:
    """One schedule, as it ended."""
    called = (Called(0, "s", 0, "run"), Returned(1, "s", 0, plates(eaten))) if how == "ended" else ()
    scheduled = Scheduled(2, "s", "random 1", how, "main*9", 9, ("main", "1", "2", "3", "4"), reason)
    return (Given(0, "s", "", json.dumps(ARGS)), *called, scheduled)


def once(*events: Event) -> tuple[Verdict, str | None]:
    result = judge_trace(CHECKS["kitchen.once"], Trace("kitchen.schedules", events))
    return result.verdict, result.mistake


@pytest.mark.parametrize(
    ("eaten", "mistake"),
    [
        ({"Ann": [], "Bo": ["tea0", "bun0", "tea1", "bun1"]}, None),
        ({"Bo": ("tea1",), "Ann": ("bun0", "tea0", "bun1")}, None),
        ({"Ann": [], "Bo": []}, "depends-on-luck"),
        ({"Ann": ["bun0", "tea0"], "Bo": ["tea1"]}, "depends-on-luck"),
        ({"Ann": ["bun0", "tea0", "bun1", None], "Bo": ["tea1"]}, "sentinel-eaten"),
        ({"Ann": ["bun0", "tea0", "bun1", "bun2"], "Bo": ["tea1"]}, "strange-item"),
        ({"Ann": ["bun0", "tea0", "bun1", "tea1"], "Bo": ["tea1"]}, "eaten-twice"),
        ({"Ann": ["bun1", "tea0", "bun0"], "Bo": ["tea1"]}, "order-lost"),
        ({"Ann": ["bun0", "tea0", "bun1", "tea1"]}, "wrong-names"),
        ({"Ann": {"bun0"}, "Bo": ["tea0", "bun1", "tea1"]}, "returns-no-lists"),
        (list(FULL.items()), "returns-no-dict"),
        ([], "returns-no-dict"),
        (None, "returns-no-dict"),
    ],
)
def test_what_lies_on_the_plates(eaten, mistake):
    assert once(*played(eaten)) == (Verdict.FAIL if mistake else Verdict.PASS, mistake)


def test_no_schedule_is_no_evidence():
    assert once()[0] is Verdict.UNDECIDED


def test_who_was_not_followed_has_shown_nothing():
    assert once(*played(FULL), *played(FULL, "unfollowed", "sys.settrace"))[0] is Verdict.UNDECIDED


def test_a_lost_item_counts_whatever_came_after():
    assert once(*played({"Ann": [], "Bo": []}), *played(FULL, "unfollowed", "ctypes"))[0] is Verdict.FAIL


def test_a_deadlock_that_was_not_told_is_still_one():
    assert once(*played(FULL), *played(None, "deadlock"))[0] is Verdict.FAIL


@pytest.mark.parametrize(
    ("sizes", "made", "jobs", "expected"),
    [
        ([10], 11, ["consumer"], ("pass", None)),
        ([10, 0], 22, ["consumer"], ("pass", None)),
        ([10], 0, [], ("pass", None)),
        ([], 10, ["consumer"], ("pass", None)),
        ([0], 22, ["consumer"], ("pass", None)),
        ([], N, ["consumer"], ("pass", None)),
        ([10], N, ["consumer", "producer is over"], ("fail", "unbounded-queue")),
        ([0], N, ["consumer"], ("fail", "unbounded-queue")),
        ([0], 0, [], ("fail", "unbounded-queue")),
        ([20], 21, ["consumer"], ("fail", "not-ten")),
        ([5], 6, ["consumer"], ("fail", "not-ten")),
        ([], 6, ["consumer"], ("fail", "not-ten")),
        ([], 0, [], ("undecided", None)),
    ],
)
def test_how_many_the_queue_holds(sizes, made, jobs, expected):
    due = value_of([[[f"bun{i}" for i in range(N)]], ["Ann"]])
    events: list[Event] = [Told(0, "a", due)]
    for call, size in enumerate(sizes):
        events += [Called(1, "a", call, "Queue"), Returned(1, "a", call, value_of(size))]
    events += [Arrived(2, "a", job, 5, 1, 5) for job in (*jobs, *["part"] * made)]
    result = judge_trace(CHECKS["kitchen.bounded"], Trace("kitchen.bounded", (*events, Marked(3, "at rest"))))
    assert (result.verdict.value, result.mistake) == expected
