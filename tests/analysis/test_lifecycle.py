"""What is read out of the life of processes, on traces written by hand: a line is a moment."""

from __future__ import annotations

import dataclasses

import pytest

from grader.analysis.lifecycle import NEVER, arrivals, in_turn, most_at_once, place, record, stands
from grader.checks import Unclear
from grader.model import (
    Arrived,
    Census,
    Died,
    Event,
    Execed,
    Forked,
    Frame,
    Killed,
    Left,
    Quiet,
    Reaped,
    Recorded,
    Seen,
    Started,
    Trace,
    Unproven,
)

MAIN, ONE, TWO, AGENT = 10, 11, 12, 2


def played(*events: Event) -> Trace:
    """Each event a second after the one before it."""
    begun = Started(0, "a", "f", MAIN)
    return Trace("c", (begun, *(dataclasses.replace(e, at=float(i)) for i, e in enumerate(events, 1))))


def forked(pid: int, by: int = MAIN) -> Forked:
    return Forked(0, "a", pid, by)


def died(pid: int, code: int | None = 0, signal: str | None = None) -> Died:
    return Died(0, "a", pid, code, signal)


def reaped(pid: int, by: int = MAIN) -> Reaped:
    return Reaped(0, "a", pid, by)


def census(*seen: tuple[int, int, str]) -> Census:
    return Census(0, tuple(Seen(pid, parent, state, 1) for pid, parent, state in seen))


WHOLE = Recorded(0, "a", True)


def test_a_life_from_birth_to_burial():
    killed = Killed(0, "a", ONE, "SIGTERM", MAIN)
    found = record(played(forked(ONE), killed, died(ONE, None, "SIGTERM"), reaped(ONE), WHOLE), "a")
    (life,) = found.children
    assert (life.born, life.died, life.reaped, life.reaper) == (1, 3, 4, MAIN)
    assert (life.code, life.signal, [k.signal for k in life.struck]) == (None, "SIGTERM", ["SIGTERM"])
    assert [life.alive(at) for at in (0.5, 1, 2.9, 3)] == [False, True, True, False]
    assert [life.zombie(at) for at in (2.9, 3, 3.9, 4)] == [False, True, True, False]


def test_moments_order_the_record_and_not_its_arrival():
    late = played(forked(ONE), died(ONE), reaped(ONE))
    found = record(dataclasses.replace(late, events=late.events[::-1]), "a")
    assert (found.children[0].born, found.children[0].reaped) == (1, 3)


@pytest.mark.parametrize(
    ("events", "most", "turns"),
    [
        ([forked(ONE), forked(TWO), died(ONE), died(TWO)], 2, False),
        ([forked(ONE), died(ONE), forked(TWO), died(TWO)], 1, True),
        ([forked(ONE), died(ONE), reaped(ONE), forked(TWO)], 1, True),
        ([forked(ONE), forked(TWO)], 2, False),
        ([], 0, True),
    ],
)
def test_together_or_in_turn(events, most, turns):
    lives = record(played(*events), "a").lives
    assert (most_at_once(lives), in_turn(lives)) == (most, turns)


def test_orphans_outlive_their_parent():
    found = record(played(forked(ONE), forked(TWO, ONE), died(ONE), died(TWO), died(MAIN)), "a")
    assert [life.pid for life in found.orphans] == [TWO]
    assert record(played(forked(ONE), died(ONE), died(MAIN)), "a").orphans == ()


def test_those_alive_and_those_undead_at_a_moment():
    found = record(played(forked(ONE), forked(TWO), died(ONE), reaped(ONE)), "a")
    assert [life.pid for life in found.alive(2.5)] == [ONE, TWO]
    assert [life.pid for life in found.zombies(3.5)] == [ONE]
    assert found.zombies(4.5) == ()


def test_the_end_of_the_main_code():
    assert record(played(forked(ONE), Left(0, "a")), "a").left == 2
    assert record(played(forked(ONE)), "a").left == NEVER


def test_a_number_may_be_given_again():
    first, second = record(played(forked(ONE), died(ONE, 3), reaped(ONE), forked(ONE), died(ONE, 4)), "a").lives
    assert (first.code, first.reaped, second.code, second.born) == (3, 3, 4, 4)


def test_what_multiprocessing_starts_for_itself_does_not_count():
    tracker = Execed(0, "a", 20, ("python3", "-c", "from multiprocessing.resource_tracker import main;main(5)"))
    assert record(played(forked(20), tracker), "a").lives == ()


def test_children_of_a_fork_server_are_children_of_the_one_it_serves():
    server = Execed(0, "a", 20, ("python3", "-c", "from multiprocessing.forkserver import main; main(5)"))
    (life,) = record(played(forked(20), server, forked(ONE, 20), died(ONE), reaped(ONE, 20)), "a").children
    assert (life.pid, life.parent, life.reaper) == (ONE, MAIN, MAIN)


@pytest.mark.parametrize(
    "trace",
    [
        Trace("c", ()),
        played(forked(ONE), Recorded(0, "a", False)),
        played(Unproven(0, "no tracing here")),
    ],
)
def test_no_record_no_verdict(trace):
    with pytest.raises(Unclear):
        record(trace, "a")


@pytest.mark.parametrize(
    ("seen", "contradicts"),
    [
        ([(MAIN, AGENT, "S"), (ONE, MAIN, "S")], False),
        ([(MAIN, AGENT, "S"), (ONE, MAIN, "Z")], False),  # it has died, and the recorder has not yet said so
        ([(MAIN, AGENT, "S")], True),  # the record's process is not there
        ([(MAIN, AGENT, "S"), (ONE, MAIN, "S"), (30, MAIN, "S")], True),  # the record does not know this one
        ([(MAIN, AGENT, "S"), (ONE, AGENT, "S")], True),  # its parent is another
        ([(MAIN, AGENT, "S"), (ONE, MAIN, "S"), (40, AGENT, "S")], False),  # of another run
    ],
)
def test_a_record_must_agree_with_what_is_seen_from_outside(seen, contradicts):
    trace = played(forked(ONE), census(*seen), died(ONE), reaped(ONE), WHOLE)
    if contradicts:
        with pytest.raises(Unclear):
            record(trace, "a")
    else:
        assert record(trace, "a").children


def test_a_record_that_has_buried_the_living_is_not_believed():
    with pytest.raises(Unclear):
        record(played(forked(ONE), died(ONE), reaped(ONE), census((MAIN, AGENT, "S"), (ONE, MAIN, "Z"))), "a")


@pytest.mark.parametrize(
    ("pid", "thread", "where"),
    [
        (MAIN, MAIN, "main"),
        (MAIN, 77, "thread"),
        (ONE, ONE, "child"),
        (TWO, TWO, "descendant"),
        (99, 99, "stranger"),
    ],
)
def test_where_a_job_ran(pid, thread, where):
    found = record(played(forked(ONE), forked(TWO, ONE)), "a")
    assert place(found, Arrived(0, "a", "j", pid, 0, thread)) == where


def test_a_job_that_runs_twice_is_where_it_ran_first():
    trace = played(Arrived(0, "a", "j", ONE, MAIN, ONE), Arrived(0, "a", "j", TWO, MAIN, TWO))
    assert arrivals(trace, "a")["j"].pid == ONE


def test_how_a_run_stands():
    where = Frame("workers.py", 7, "start_all")
    assert str(stands(played(Quiet(0, "a", "job", where)), "a").text) == "it stands still in workers.py:7"
    assert str(stands(played(Quiet(0, "a", "job")), "a").text) == "it stands still"
    assert not stands(played(), "a").quiet
