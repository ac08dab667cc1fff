"""Time-outs that were taken for an answer, in steps written by hand."""

from __future__ import annotations

import pytest

from grader.analysis.time_outs import ran_out
from grader.model import Frame, Step, Trace


def found(*lines: str) -> tuple[str, int] | None:
    """Each line: `task kind source`; the source is also where it stands."""
    sources = list(dict.fromkeys(line.split(" ", 2)[2] for line in lines))
    steps = []
    for i, line in enumerate(lines):
        task, kind, source = line.split(" ", 2)
        steps.append(Step(i, "r", task, kind, Frame("m.py", sources.index(source), "f", source)))
    over = ran_out(Trace("c", tuple(steps)), "r")
    return (over[0], over[1].line) if over else None


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("item = q.get(timeout=1)", "time-out-is-no-end"),
        ("q.put(item, True, 1)", "put-gives-up"),
        ("p.join(1)", "join-gives-up"),
        ("lock.acquire(timeout=1)", "time-out-ignored"),
        ("done.wait(1)", "time-out-ignored"),
    ],
)
def test_the_line_says_which_mistake_it_was(source, code):
    assert found("1 step x = 1", f"1 wait {source}", f"1 time-out {source}", "1 step return") == (code, 1)
    assert found("1 step x = 1", f"1 wait {source}", "1 step return") is None


def test_who_waits_again_has_made_no_mistake():
    get = "item = q.get(timeout=1)"
    assert found(f"1 time-out {get}", f"1 step {get}", f"1 wait {get}") is None
    assert found(f"1 time-out {get}", f"2 wait {get}") == ("time-out-is-no-end", 0)
    assert found(f"1 time-out {get}", f"1 wait {get}", f"1 time-out {get}") == ("time-out-is-no-end", 0)


def test_what_was_not_put_is_lost_although_the_next_is_waited_for():
    put = "q.put(item, timeout=1)"
    assert found(f"1 time-out {put}", f"1 wait {put}") == ("put-gives-up", 0)
