"""Threads as /proc shows them, from files written for the test: who rests, and who only looks so."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.instrument.rest import AWAKE, Marks, Threads, resting, surely_asleep

STATUS = (
    "Name:\tpython\nState:\t{state}\nVmRSS:\t9000 kB\n"
    "voluntary_ctxt_switches:\t{slept}\nnonvoluntary_ctxt_switches:\t7\n"
)


def thread(root: Path, pid: int, tid: int, state: str, slept: int = 18) -> None:
    folder = root / f"{pid}/task/{tid}"
    folder.mkdir(parents=True)
    (folder / "status").write_text(STATUS.format(state=state, slept=slept))


@pytest.mark.parametrize(
    ("state", "rests"),
    [("S (sleeping)", True), ("R (running)", False), ("D (disk sleep)", False), ("X (dead)", False)],
)
def test_a_thread_rests_only_where_nothing_is_to_come_from_it(tmp_path, state, rests):
    thread(tmp_path, 5, 5, state)
    assert resting(Threads(tmp_path).look(5, [5]), {}) is rests


def test_a_process_that_waits_for_its_parent_is_gone(tmp_path):
    thread(tmp_path, 5, 5, "Z (zombie)")
    assert Threads(tmp_path).look(5, [5, 6]) == {}


def marks(state: str, slept: int, stopped: int) -> Marks:
    return {
        (5, 5): (
            state.encode(),
            b"\nvoluntary_ctxt_switches:\t%d\nnonvoluntary_ctxt_switches:\t%d\n" % (slept, stopped),
        )
    }


@pytest.mark.parametrize(
    ("slept", "stopped", "rests", "sure"),
    [
        (7, 3, True, True),  # it has not run
        (8, 3, True, True),  # it has, and gone to sleep by itself
        (7, 4, False, False),  # it was made to stop, wherever it was
        (8, 4, True, False),  # which came last?
    ],
)
def test_who_has_to_give_way_on_its_way_to_sleep_does_not_rest(slept, stopped, rests, sure):
    before, now = marks("S", 7, 3), marks("S", slept, stopped)
    assert resting(now, before) is rests
    assert surely_asleep(now, before) is sure


def test_who_was_let_go_on_rests_when_it_has_gone_to_sleep():
    before = {(5, 5): (AWAKE, marks("S", 7, 3)[5, 5][1])}
    assert not resting(marks("S", 7, 3), before)
    assert resting(marks("S", 8, 3), before)


@pytest.mark.parametrize(("stopped", "sure"), [(0, True), (1, False)])
def test_a_thread_that_is_new_surely_sleeps_where_it_was_never_made_to_stop(stopped, sure):
    now = marks("S", 1, stopped)
    assert resting(now, {})
    assert surely_asleep(now, {}) is sure
