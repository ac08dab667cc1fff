"""Strategies on small programs that exist only as numbers of steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from grader.schedule.segments import read, schedule_of, written
from grader.schedule.strategies import (
    IN_A_ROW,
    Favour,
    Held,
    Hurry,
    InStep,
    Laggard,
    Preemptions,
    Priorities,
    RandomWalk,
    Replay,
    Strategy,
)

MAKERS: dict[str, Callable[[str], Strategy]] = {
    "random": RandomWalk,
    "hurry": Hurry,
    "priorities": lambda seed: Priorities(seed, 3, 12),
    "preemptions": lambda seed: Preemptions(seed, 1, 12),
}


def run(strategy: Strategy, **steps: int) -> str:
    """Plays tasks that take so many steps each; the schedule, written."""
    left, last, grants = dict(steps), "", []
    while left:
        last = strategy.pick(dict.fromkeys(left, "step"), last)
        grants.append(last)
        left[last] -= 1
        left = {task: n for task, n in left.items() if n}
    return written(schedule_of(grants))


def switches(schedule: str, of: str = "") -> int:
    return len(schedule.split()) - 1


@pytest.mark.parametrize("name", MAKERS)
def test_the_same_seed_makes_the_same_schedule_and_others_make_others(name):
    made = {run(MAKERS[name](str(seed)), a=4, b=4, c=4) for seed in range(30)}
    assert run(MAKERS[name]("7"), a=4, b=4, c=4) == run(MAKERS[name]("7"), a=4, b=4, c=4)
    assert len(made) > 5


@pytest.mark.parametrize("name", MAKERS)
def test_every_task_comes_to_its_end(name):
    for seed in range(20):
        done = Counter({s.task: 0 for s in ()})
        for segment in read(run(MAKERS[name](str(seed)), a=4, b=3, c=5)):
            done[segment.task] += segment.steps
        assert done == {"a": 4, "b": 3, "c": 5}


def test_a_random_walk_tries_every_order_of_two_steps():
    assert {run(RandomWalk(str(seed)), a=2, b=1) for seed in range(40)} == {"a*2 b*1", "a*1 b*1 a*1", "b*1 a*2"}


def test_in_step_each_takes_a_step_in_turn():
    assert run(InStep(), a=2, b=2, c=1) == "a*1 b*1 c*1 a*1 b*1"


def test_who_lags_behind_goes_on_when_nobody_else_can():
    made = {run(Laggard("b", RandomWalk(str(seed))), a=2, b=2, c=2) for seed in range(40)}
    assert len(made) > 3
    assert all(schedule.endswith("b*2") for schedule in made)


def test_priorities_switch_only_where_a_priority_changes():
    assert max(switches(run(Priorities(str(seed), 3, 10), a=5, b=5, c=5)) for seed in range(50)) <= 2 + 2


def test_preemptions_are_as_many_as_allowed():
    made = [switches(run(Preemptions(str(seed), 1, 10), a=5, b=5)) for seed in range(50)]
    assert set(made) == {1, 2}


def test_who_sleeps_makes_way_for_others():
    for strategy in (Priorities("1", 3, 10), Preemptions("1", 1, 10)):
        first = strategy.pick({"a": "step", "b": "step"}, "a")
        ready = dict.fromkeys("ab", "step") | {first: "sleep"}
        assert strategy.pick(ready, first) != first
        assert strategy.pick({first: "sleep"}, first) == first


@pytest.mark.parametrize(
    "strategy",
    [Priorities("1", 3, 10), Preemptions("1", 1, 10), Replay(()), Replay(read("a b*2")), Laggard("b", InStep())],
)
def test_nobody_goes_round_for_ever_while_another_waits(strategy):
    picked = []
    for _ in range(3 * IN_A_ROW):
        picked.append(strategy.pick({"a": "step", "b": "step"}, picked[-1] if picked else "a"))
    assert set(picked) == {"a", "b"}


def test_one_is_held_in_the_middle_while_another_goes_on_as_far_as_it_can():
    assert run(Held("a", 1, "b", 9), a=3, b=2, main=1) == "main*1 a*1 b*2 a*2"
    assert run(Held("a", 1, "b", 1), a=3, b=2) == "a*1 b*1 a*2 b*1"  # its patience is over
    held = Held("a", 0, "b", 9)
    assert held.pick({"a": "step", "main": "sleep"}, "main") == "main"  # until both have come
    assert held.pick({"a": "step", "b": "step", "main": "sleep"}, "main") == "b"
    assert held.pick({"a": "step"}, "b", ["b"]) == "b!"
    assert held.pick({"a": "step"}, "b", ["b"]) == "a"


def test_who_goes_round_in_a_loop_does_not_disturb_the_one_who_is_held():
    held, ready = Held("a", 1, "b", 3), dict.fromkeys(("a", "b", "main"), "step")
    picked = [held.pick(ready, "") for _ in range(IN_A_ROW + 4)]
    assert picked[IN_A_ROW:] == ["a", "b", "b", "b"]


def test_a_replay_does_what_is_written():
    replay = Replay(read("a*2 b*3 a*2"))
    assert run(replay, a=4, b=3) == "a*2 b*3 a*2"
    assert replay.fits


def test_a_replay_that_does_not_fit_goes_on_and_says_so():
    replay = Replay(read("a*3 c*1 b*1"))
    assert run(replay, a=2, b=2) == "a*2 b*2"
    assert not replay.fits


def test_a_whole_segment_fits_however_long_it_is():
    replay = Replay(read("b a"))
    assert run(replay, a=2, b=2) == "b*2 a*2"
    assert replay.fits


def hurried(strategy: Strategy, need: int) -> list[str]:
    """`b` waits for `a`, which has to take so many steps, and waits again when its time is over: who was chosen."""
    grants: list[str] = []
    while grants.count("a") < need and len(grants) < 10_000:
        grants.append(strategy.pick({"a": "step"}, grants[-1] if grants else "a", ["b"]))
    return grants


def test_only_one_in_a_hurry_lets_a_time_run_out_while_others_can_go_on():
    patient = [RandomWalk("1"), Priorities("1", 3, 10), Favour("b"), Replay(read("b*3"))]
    assert all(hurried(strategy, 5) == ["a"] * 5 for strategy in patient)
    assert {hurried(Hurry(str(seed)), 5)[0] for seed in range(20)} == {"a", "b!"}
    assert {hurried(Preemptions(str(seed), 1, 4), 5).count("b!") for seed in range(20)} == {1}


@pytest.mark.parametrize("strategy", [Hurry("1"), Laggard("a", RandomWalk("1"))])
def test_whoever_waits_again_and_again_gets_it_in_the_end(strategy):
    grants = hurried(strategy, 2 * IN_A_ROW)
    assert grants.count("a") == 2 * IN_A_ROW
    assert grants.count("b!") == IN_A_ROW


def test_who_lags_behind_is_waited_for_until_the_time_of_the_others_is_over():
    strategy = Laggard("a", RandomWalk("1"))
    assert strategy.pick({"a": "step", "b": "step"}, "a") == "b"
    assert strategy.pick({"a": "step"}, "b", ["b"]) == "b!"
    assert strategy.pick({"a": "step"}, "b") == "a"


def test_a_time_that_ran_out_is_played_again():
    replay = Replay(read("a*1 b!*1 a*1"))
    assert [replay.pick({"a": "step"}, "a", ["b"]) for _ in range(3)] == ["a", "b!", "a"]
    assert replay.fits
    late = Replay(read("b!*1 a*1"))
    assert [late.pick({"a": "step", "b": "step"}, "a"), late.pick({"a": "step"}, "b", ["b"])] == ["b", "b!"]
    impossible = Replay(read("b!*1 a*1"))
    assert impossible.pick({"a": "step"}, "a") == "a"
    assert not impossible.fits
