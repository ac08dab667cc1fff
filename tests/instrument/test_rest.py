"""Threads as /proc shows them, from files written for the test: who rests, and who only looks so."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.instrument.rest import Threads, resting, sleeps

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
    assert resting(Threads(tmp_path).look(5, [5])) is rests


def test_a_process_that_waits_for_its_parent_is_gone(tmp_path):
    thread(tmp_path, 5, 5, "Z (zombie)")
    assert Threads(tmp_path).look(5, [5, 6]) == {}


def test_how_often_a_thread_has_gone_to_sleep_by_itself(tmp_path):
    thread(tmp_path, 5, 6, "S (sleeping)", slept=19)
    assert sleeps(Threads(tmp_path).look(5, [6])[5, 6]) == 19
    assert sleeps((b"S", b"\n")) == 0
