"""Shrinking with oracles that are written down: what loses is known."""

from __future__ import annotations

import random

from grader.schedule.segments import Schedule, read, schedule_of, written
from grader.schedule.shrinking import shrink
from grader.schedule.strategies import Replay


def grants(schedule: Schedule, **steps: int) -> str:
    """Who goes when tasks of so many steps are played so."""
    replay, left, last, done = Replay(schedule), dict(steps), "", ""
    while left:
        last = replay.pick(dict.fromkeys(left, "step"), last)
        done += last
        left = {task: n for task, n in ((t, n - (t == last)) for t, n in left.items()) if n}
    return done


def lost_update(schedule: Schedule) -> bool:
    """Both tasks read (their second step) before either has written (their fourth)."""
    done = grants(schedule, a=5, b=5, c=5)
    at = {task: [i for i, t in enumerate(done) if t == task] for task in "ab"}
    return max(at["a"][1], at["b"][1]) < min(at["a"][3], at["b"][3])


def test_a_lost_update_needs_one_switch_away_from_a_task_that_could_have_gone_on():
    rng = random.Random(4)
    found = 0
    for _ in range(40):
        long = schedule_of(rng.sample("a" * 5 + "b" * 5 + "c" * 5, 15))
        if lost_update(long):
            short = shrink(long, lost_update, budget=200)
            assert lost_update(short)
            assert len(short) <= 2, written(short)
            found += 1
    assert found > 5


def test_what_loses_however_it_is_played_needs_no_schedule_to_speak_of():
    assert len(shrink(read("a*1 b*1 a*1 b*2"), lambda s: True)) == 1


def test_what_loses_only_so_stays():
    only = read("a*1 b*1 a*1")
    assert shrink(only, lambda s: s == only) == only


def test_the_budget_is_kept():
    plays: list[Schedule] = []
    shrink(schedule_of("abcabcabcabc"), lambda s: plays.append(s) is not None, budget=5)
    assert len(plays) == 5
