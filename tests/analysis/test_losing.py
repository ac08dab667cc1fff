"""A loss among many schedules counts when it was met twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.analysis.losing import must_not_lose
from grader.checks import Unclear, Violation, fail
from grader.model import Scheduled, Trace, say


def trace(*plans: str) -> Trace:
    return Trace("case", tuple(Scheduled(0.0, str(n), plan, "ended", "", 1) for n, plan in enumerate(plans)))


def loses(*runs: str) -> Callable[[Scheduled], None]:
    def judge(s: Scheduled) -> None:
        if s.run in runs:
            fail(say("no loss"), say("lost in {run}", run=s.run))

    return judge


def test_nothing_is_said_where_nothing_loses():
    played = trace("random 1", "random 2")
    must_not_lose(played, played.of(Scheduled), loses())


def test_the_last_of_those_that_lose_is_told():
    played = trace("random 1", "replay", "random 2")
    with pytest.raises(Violation, match="lost in 1"):
        must_not_lose(played, played.of(Scheduled), loses("0", "1"))


def test_what_was_not_met_again_accuses_nobody():
    played = trace("random 1", "replay", "replay", "random 2")
    with pytest.raises(Unclear, match="lost in 0: so it was once"):
        must_not_lose(played, played.of(Scheduled), loses("0"))


def test_where_no_search_was_made_once_is_enough():
    played = trace("1 is held after 3", "1 is held after 4")
    with pytest.raises(Violation, match="lost in 0"):
        must_not_lose(played, played.of(Scheduled), loses("0"))


def test_a_loss_says_more_than_a_run_that_cannot_be_read():
    played = trace("random 1", "replay", "random 2")

    def judge(s: Scheduled) -> None:
        if s.run == "2":
            raise Unclear(say("no answer"))
        loses("0", "1")(s)

    with pytest.raises(Violation, match="lost in 1"):
        must_not_lose(played, played.of(Scheduled), judge)
    with pytest.raises(Unclear, match="no answer"):
        must_not_lose(played, played.of(Scheduled)[2:], judge)
