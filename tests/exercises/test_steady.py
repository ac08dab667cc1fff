"""The life of processes is judged the same every time: nothing in it is a matter of speed or luck.

`grader selftest … --rounds 1000 --busy 2` plays the same programs as often as one likes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.catalog import Course
from grader.grading import open_sandbox
from grader.selftest import changed, chosen, in_rounds, play_all, trials

COURSE = Course(Path(__file__).parents[2])
ROUNDS, SEED = 20, 7
PROGRAMS = (
    "process_basics/solution",
    "process_basics/mutants/join_in_loop",
    "task_modes/solution",
    "join_and_reap/solution",
    "join_and_reap/mutants/all_zombies",
    "join_and_reap/mutants/last_orphans",
    "daemon_process/solution",
)


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_round_has_the_same_verdicts(program: str) -> None:
    exercise = COURSE.exercise(program.partition("/")[0])
    jobs = in_rounds(chosen(trials(exercise), [program]), ROUNDS, SEED)
    played = play_all(jobs, open_sandbox("process", COURSE))
    assert len(played) == ROUNDS
    assert [str(miss) for p in played for miss in p.misses] == []
    assert changed(played) == []
