"""What the checks of `join_and_reap` read out of the lives of processes: the verdict, and the name of the mistake."""

from pathlib import Path

import pytest

from grader.catalog import find_course
from grader.judge import judge_trace
from grader.model import Died, Recorded, Unproven, Vanished, Verdict
from tests.support.processes import MAIN, story

EXERCISE = find_course(Path(__file__).parents[2]).exercise("join_and_reap")
CHECKS = {c.id.removeprefix("join_and_reap."): c for c in EXERCISE.checks}
FOUR = ("start one", "start two", "start three", "start four")
ENDS = ("end four SIGKILL", "end three 1", "end two 7", "end one 0")
REAPS = ("reap one", "reap two", "reap three", "reap four")
ALL = ("call run_all", *FOUR, *ENDS, *REAPS, "over [0, 7, 1, -9]", "quit 0")
FIRST = (
    *("call run_first", *FOUR, "let three return", "end three 0", "reap three"),
    *("hit one SIGTERM", "end one SIGTERM", "reap one", "hit two SIGTERM", "end two SIGTERM", "reap two"),
    *("hit four SIGTERM", "end four SIGTERM", "reap four", "over 2", "census", "quit 0"),
)
LATE = (
    *("call run_with_deadline", "start one", "hit one SIGTERM", "end one SIGTERM", "reap one", "over None"),
    *("census", "quit 0"),
)
ONE, TWO = ((f"hit {name} SIGTERM", f"end {name} SIGTERM", f"reap {name}") for name in ("one", "two"))
LAST = (
    *("call main_ends_first", "start one", "start two", "start four", "over None", "left"),
    *("end one 0", "end two 0", "reap one", "reap two", "end four 0", "reap four", "quit 0"),
)


def without(lines, *gone):
    return [line for line in lines if line not in gone]


def moved(lines, line, before):
    rest = without(lines, line)
    rest.insert(rest.index(before), line)
    return rest


def instead(lines, old, new):
    return [new if line == old else line for line in lines]


def judged(check, lines):
    result = judge_trace(CHECKS[check], story(CHECKS[check].case, *lines))
    return result.verdict.value, result.mistake


@pytest.mark.parametrize(
    ("check", "lines"),
    [
        *((f"all.{name}", ALL) for name in ("together", "waits", "codes", "reaped")),
        *((f"first.{name}", FIRST) for name in ("index", "ended", "reaped")),
        *((f"deadline.{name}", LATE) for name in ("over", "ended", "reaped", "waits")),
        *((f"last.{name}", LAST) for name in ("returns", "waited")),
    ],
)
def test_as_it_should_be(check, lines):
    assert judged(check, lines) == ("pass", None)


@pytest.mark.parametrize(
    ("check", "lines", "mistake"),
    [
        ("all.together", ("call run_all", "start one", "stands 5"), "join-in-start-loop"),
        ("all.together", ("call run_all", "here one", "stands 5"), "run-not-start"),
        ("all.together", ("call run_all", "here one 77", "here two 78", "stands 5"), "thread-not-process"),
        ("all.together", ("call run_all", "start x", "start one by x", "stands"), "not-direct"),
        ("all.together", ("call run_all", "start one", "start two", "over []", "quit 0"), "starts-too-few"),
        ("all.together", ("call run_all", "start one", "raises PicklingError"), None),
        ("all.together", ("call run_all", *FOUR[:3], "end one 0", "start four", "stands"), "join-in-start-loop"),
        ("all.waits", ("call run_all", *FOUR, "over [None, None, None, None]", *ENDS, "quit 0"), "never-joined"),
        ("all.waits", ("call run_all", *FOUR, "stands 8"), None),
        ("all.codes", instead(ALL, "over [0, 7, 1, -9]", "over [-9, 1, 7, 0]"), "order-of-ending"),
        ("all.codes", instead(ALL, "over [0, 7, 1, -9]", "over [0, 7, 1, 9]"), "sign-lost"),
        ("all.codes", instead(ALL, "over [0, 7, 1, -9]", "over [True, False, False, False]"), "bools-not-codes"),
        ("all.codes", instead(ALL, "over [0, 7, 1, -9]", "over [0, None, None, None]"), "code-before-end"),
        ("all.codes", instead(ALL, "over [0, 7, 1, -9]", "over None"), "returns-nothing"),
        ("all.codes", instead(ALL, "over [0, 7, 1, -9]", "over [0, 0, 0, 0]"), "codes-made-up"),
        ("all.codes", instead(ALL, "over [0, 7, 1, -9]", "over [0, 1, 7, -9]"), "order-lost"),
        ("all.codes", ("call run_all", *FOUR, "let one raise", *ALL[5:]), "end-of-job-lost"),
        ("all.waits", ("call run_all", *FOUR, *ENDS, "stands 8"), "waits-for-nobody"),
        ("all.codes", instead(ALL, "over [0, 7, 1, -9]", "over 0"), "returns-no-list"),
        ("all.reaped", [*without(ALL, "reap two", "quit 0"), "census two=Z", "quit 0"], "zombie"),
        ("all.reaped", without(ALL, "reap two"), "zombie"),  # nobody has looked
        ("order.turns", ("call run_in_order", "start two", "start one", "stands"), "all-at-once"),
        ("order.turns", ("call run_in_order", "start three", "stands"), "wrong-order"),
        ("first.index", ("call run_first", *FOUR, "let three return", "end three 0", "stands 3"), "waits-for-all"),
        ("first.index", ("call run_first", *FOUR, "over 0", "quit 0"), "does-not-wait"),
        ("first.index", instead(FIRST, "over 2", "over 3"), "counts-from-one"),
        ("first.index", instead(FIRST, "over 2", "over None"), "returns-nothing"),
        ("first.index", instead(FIRST, "over 2", "over 0"), "asks-after-ending-all"),
        ("first.index", instead(FIRST, "over 2", "over 9"), None),
        ("first.ended", instead(without(FIRST, *TWO), "census", "census two=S"), "leaves-the-rest"),
        ("first.ended", instead(FIRST, "hit two SIGTERM", "hit two SIGKILL"), "kill-not-terminate"),
        ("first.ended", moved(FIRST, "end two SIGTERM", "census"), "terminated-not-joined"),
        ("first.reaped", instead(without(FIRST, "reap three"), "census", "census three=Z"), "zombie"),
        ("first.reaped", instead(without(FIRST, "reap two"), "census", "census two=Z"), "terminated-not-joined"),
        ("deadline.over", ("call run_with_deadline", "start one", "stands 4"), "no-deadline"),
        ("deadline.over", ("call run_with_deadline", "start one", "hit one SIGTERM", "stands 4"), "waits-for-ever"),
        ("deadline.over", instead(LATE, "over None", "over -15"), "code-of-terminated"),
        ("deadline.signal", (*LATE[:2], "let one kill SIGTERM", *LATE[3:]), "taken-for-late"),
        ("deadline.over", instead(LATE, "over None", "over False"), None),
        ("deadline.ended", instead(without(LATE, *ONE), "census", "census one=S"), "leaves-it-running"),
        ("deadline.ended", moved(LATE, "end one SIGTERM", "census"), "terminated-not-joined"),
        ("deadline.reaped", instead(without(LATE, "reap one"), "census", "census one=Z"), "terminated-not-joined"),
        ("last.returns", (*LAST[:4], "stands 4"), "waits-for-children"),
        ("last.returns", (*LAST[:4], "quit 0"), "orphans"),
        ("last.waited", instead(LAST, "end one 0", "hit one SIGTERM"), "daemon-children"),
        ("last.waited", (*LAST[:6], "quit 0", "end one 0", "end two 0", "end four 0"), "orphans"),
    ],
)
def test_the_mistake_has_its_name(check, lines, mistake):
    assert judged(check, lines) == ("fail", mistake)


def test_who_ignores_the_end_of_children_leaves_no_zombie():
    """Their parent has told the kernel that it will never ask, so nobody collects them, and /proc shows none."""
    lines = [*without(ALL, *REAPS, "quit 0"), "census", "quit 0"]
    assert judged("all.reaped", lines) == ("pass", None)


def test_what_comes_after_the_standstill_is_no_answer():
    """The script is over; our connections are closed, so the jobs end and the call returns after all."""
    lines = ("call run_first", *FOUR, "let three return", "end three 0", "stands 3", "end one 0", "over 2")
    assert judged("first.index", lines) == ("fail", "waits-for-all")


@pytest.mark.parametrize("check", ["all.together", "all.reaped", "first.ended", "deadline.ended", "last.waited"])
def test_without_a_whole_record_nothing_is_passed(check):
    lines = {"all": ALL, "first": FIRST, "deadline": LATE, "last": LAST}[check.partition(".")[0]]
    trace = story(CHECKS[check].case, *lines)
    cut = [e for e in trace.events if not isinstance(e, Recorded) and not (isinstance(e, Died) and e.pid == MAIN)]
    for end, verdict in (
        ((Recorded(99, "a", False),), Verdict.UNDECIDED),
        ((Vanished(99, "gone"), Recorded(99, "a", False)), Verdict.FAIL),
        ((Unproven(99, "cannot be recorded here"),), Verdict.UNDECIDED),
    ):
        assert judge_trace(CHECKS[check], type(trace)(trace.case, (*cut, *end))).verdict is verdict
