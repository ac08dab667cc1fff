"""What the checks of `ticket_lock` read out of traces where no mutant shows it: odd files, odd answers, odd ends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from grader.catalog import find_course
from grader.judge import judge_trace
from grader.model import (
    Did,
    Event,
    Exited,
    Frame,
    Given,
    Kept,
    Printed,
    Returned,
    Scheduled,
    Standing,
    Step,
    Trace,
    Value,
    Verdict,
)
from grader.wire.payload import value_of

EXERCISE = find_course(Path(__file__).parents[2]).exercise("ticket_lock")
CHECKS = {c.id.removeprefix("ticket_lock."): c for c in EXERCISE.checks}


def sale(
    left: str, answer: object, how: str = "ended", tickets: int = 2, users: str = "abc", reason: str = ""
) -> Trace:
    """One sale, as it ended."""
    value = answer if isinstance(answer, Value) else value_of(answer)
    events: list[Event] = [
        Given(0, "s", "", json.dumps({"users": list("abc"), "path": "tickets.json"})),
        Given(0, "s", "tickets.json", json.dumps({"count": 2})),
        *([Returned(1, "s", 0, value)] if how == "ended" else []),
        Kept(2, "s", "tickets.json", left, len(left)),
        Scheduled(3, "s", "random 1", how, "main*9", 9, ("main", "1", "2", "3"), reason),
        *free('{"count": 1}', ["b"]),
    ]
    return Trace("sale.schedules", tuple(events))


def free(left: str, answer: object, run: str = "0") -> list[Event]:
    """A sale in a run whose order nobody chose."""
    return [
        Given(4, run, "", json.dumps({"users": list("abc"), "path": "tickets.json"})),
        Given(4, run, "tickets.json", json.dumps({"count": 2})),
        Returned(5, run, 0, value_of(answer)),
        Kept(6, run, "tickets.json", left, len(left)),
        Exited(7, run, 0),
    ]


def test_who_sells_rightly_only_while_watched_has_sold_wrongly():
    good = sale('{"count": 0}', ["a", "b"]).events
    two = free('{"count": 0}', ["a", "b", "c"], "1")
    assert verdict("sale.no-oversell", Trace("sale.schedules", (*good, *two)))[:2] == (
        Verdict.FAIL,
        "behaves-when-watched",
    )


def told(*did: tuple[str, str, str], left: str = '{"count": 0}', answer: Sequence[str] = ("a", "b")) -> list[Event]:
    """One more sale of two tickets, told in full: (task, verb, thing), one after the other."""
    frame = Frame("tickets.py", 9, "buy_ticket")
    events = [Step(8, "t", "1", "step", frame), *(Did(8, "t", task, verb, thing, frame) for task, verb, thing in did)]
    return [
        Given(8, "t", "", json.dumps({"users": list("abc"), "path": "tickets.json"})),
        Given(8, "t", "tickets.json", json.dumps({"count": 2})),
        *events,
        Returned(9, "t", 0, value_of(list(answer))),
        Kept(9, "t", "tickets.json", left, len(left)),
        Scheduled(9, "t", "told", "ended", "main*9", 9, ("main", "1", "2", "3")),
    ]


LOCKED = [("1", "takes", "lock 1"), ("1", "frees", "lock 1"), ("2", "takes", "lock 1"), ("2", "frees", "lock 1")]
WRITTEN = [("1", "reads", "tickets.json"), ("1", "writes", "tickets.json")]


@pytest.mark.parametrize(("did", "mistake"), [(LOCKED + WRITTEN, "behaves-when-watched"), (WRITTEN, "no-lock")])
def test_who_takes_no_lock_does_not_behave_when_watched(did, mistake):
    seen = (*sale('{"count": 0}', ["a", "b"]).events, *told(*did), *free('{"count": 0}', ["a", "b", "c"], "1"))
    assert verdict("sale.no-oversell", Trace("sale.schedules", seen))[:2] == (Verdict.FAIL, mistake)


READ = [("1", "takes", "lock 1"), ("1", "reads", "tickets.json"), ("1", "frees", "lock 1")]
OTHERS = [("2", "takes", "lock 1"), ("2", "writes", "tickets.json"), ("2", "frees", "lock 1")]


@pytest.mark.parametrize(
    ("did", "left", "mistake"),
    [
        ([*READ, *OTHERS, READ[0], *WRITTEN, READ[2]], -1, "split-critical-section"),  # it has read again, too late
        ([*OTHERS, READ[0], *WRITTEN, READ[2]], -1, "sold-out-sold"),
        ([READ[0], READ[2], WRITTEN[0], *OTHERS, WRITTEN[1]], 1, "write-outside-lock"),  # nothing was under it
        ([*READ, *OTHERS, WRITTEN[1]], 1, "write-outside-lock"),
    ],
)
def test_where_the_lock_was_tells_the_mistake(did, left, mistake):
    trace = Trace("sale.schedules", tuple(told(*did, left=json.dumps({"count": left}), answer="abc")))
    assert verdict("sale.no-oversell", trace)[:2] == (Verdict.FAIL, mistake)


def test_a_name_in_the_place_of_another_is_a_lost_one():
    assert verdict("sale.no-oversell", sale('{"count": 0}', ["a", "a"]))[:2] == (Verdict.FAIL, "winners-lost")
    assert verdict("sale.no-oversell", sale('{"count": 1}', ["d"]))[:2] == (Verdict.FAIL, None)


@pytest.mark.parametrize(("did", "word"), [(LOCKED, Verdict.PASS), (WRITTEN, Verdict.PASS), ([], Verdict.UNDECIDED)])
def test_a_file_that_nobody_was_seen_to_write_is_no_evidence(did, word):
    seen = sale('{"count": 0}', ["a", "b"]).events + tuple(told(*did))
    assert verdict("sale.no-oversell", Trace("sale.schedules", seen))[0] is word


def verdict(name: str, trace: Trace) -> tuple[Verdict, str | None, str]:
    result = judge_trace(CHECKS[name], trace)
    return result.verdict, result.mistake, str(result.actual)


@pytest.mark.parametrize(
    ("left", "answer", "expected"),
    [
        ('{"count": 0}', ["a", "b"], Verdict.PASS),
        ('{"count":2, "price": 5}', [], Verdict.PASS),
        ('{"count": 1}', ("c",), Verdict.PASS),
        ('{"count": 0}', ["a", "b", "c"], Verdict.FAIL),
        ('{"count": 1}', ["a", "b"], Verdict.FAIL),
        ('{"count": -1}', ["a", "b", "c"], Verdict.FAIL),
        ('{"count": 1}}', ["a"], Verdict.FAIL),
        ('{"count": "1"}', ["a"], Verdict.FAIL),
        ('{"count": 1.0}', ["a"], Verdict.FAIL),
        ("", ["a"], Verdict.FAIL),
        ('{"count": 0}', ["a", "a"], Verdict.FAIL),
        ('{"count": 1}', ["d"], Verdict.FAIL),
        ('{"count": 1}', 1, Verdict.FAIL),
        ('{"count": 1}', [b"a"], Verdict.FAIL),
        ('{"count": 1}', None, Verdict.FAIL),
    ],
)
def test_the_books(left, answer, expected):
    assert verdict("sale.no-oversell", sale(left, answer))[0] is expected


@pytest.mark.parametrize(("left", "answer"), [('{"count": 0}', ["a"]), ('{"count": 1}', [])])
def test_who_sells_more_than_is_named_has_lost_a_name_watched_or_not(left, answer):
    seen = sale('{"count": 0}', ["a", "b"]).events
    trace = Trace("sale.schedules", (*seen, *told(*LOCKED, *WRITTEN), *free(left, answer, "1")))
    assert verdict("sale.no-oversell", sale(left, answer))[:2] == (Verdict.FAIL, "winners-lost")
    assert verdict("sale.no-oversell", trace)[:2] == (Verdict.FAIL, "winners-lost")


def test_no_schedule_is_no_evidence():
    assert verdict("sale.no-oversell", Trace("sale.schedules", ()))[0] is Verdict.UNDECIDED
    assert verdict("sale.no-deadlock", Trace("sale.schedules", ()))[0] is Verdict.UNDECIDED


@pytest.mark.parametrize("name", ["sale.no-deadlock", "sale.no-oversell"])
def test_who_was_not_followed_has_shown_nothing(name):
    found = verdict(name, sale('{"count": 0}', ["a", "b"], "unfollowed", reason="sys.settrace"))
    assert found[0] is Verdict.UNDECIDED
    assert "sys.settrace" in found[2]


def test_a_lost_sale_counts_whatever_came_after():
    lost = sale('{"count": 1}', ["a", "b"])
    fled = sale('{"count": 0}', ["a", "b"], "unfollowed", reason="ctypes")
    trace = Trace("sale.schedules", (*lost.events, *fled.events[-1:]))
    assert verdict("sale.no-oversell", trace)[0] is Verdict.FAIL


def test_a_deadlock_that_was_not_told_is_still_one():
    assert verdict("sale.no-deadlock", sale('{"count": 2}', None, "deadlock"))[:2] == (Verdict.FAIL, None)


def test_opposite_orders_of_locks_are_a_mistake_though_every_schedule_ended():
    events: list[Event] = list(sale('{"count": 0}', ["a", "b"]).events)
    for task, locks in (("1", ("lock 1", "lock 2")), ("2", ("lock 2", "lock 1"))):
        for lock in locks:
            events.append(Step(4, "s", task, "step", None, ("main", "1", "2")))
            events += [Did(4, "s", task, verb, lock) for verb in ("wants", "takes")]
        events += [Did(4, "s", task, "frees", lock) for lock in locks]
    assert verdict("sale.no-deadlock", Trace("sale.schedules", tuple(events)))[:2] == (Verdict.FAIL, "lock-order")


DEATH = "Process Process-2:\nTraceback (most recent call last):\nOSError: no such file\n"
DIED = Printed(8.5, "t", "stderr", DEATH, len(DEATH))
BETWEEN = [WRITTEN[0], ("2", "reads", "tickets.json"), ("2", "writes", "tickets.json"), WRITTEN[1]]


@pytest.mark.parametrize(
    ("did", "died", "standing", "mistake"),
    [
        (BETWEEN, [DIED], ["main"], "no-lock"),  # it died of it that somebody came between
        (LOCKED + WRITTEN, [DIED], ["main"], "waits-for-the-dead"),
        (BETWEEN, [], ["main"], "waits-for-the-dead"),
        (BETWEEN, [DIED], ["main", "1"], None),
    ],
)
def test_who_waits_for_users_that_have_ended_is_told_why_they_have_not_answered(did, died, standing, mistake):
    (*sold, _, _, scheduled) = told(*did)
    still = [Standing(9, "t", task, Frame("tickets.py", 30, "sell")) for task in standing]
    trace = Trace("sale.schedules", (*sold, *still, *died, replace(scheduled, how="deadlock")))
    found = verdict("sale.no-deadlock", trace)
    assert found[:2] == (Verdict.FAIL, mistake)
    assert ("OSError: no such file" in found[2]) == bool(died and standing == ["main"])
