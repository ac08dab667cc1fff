"""Hand-written traces and checks, and the verdict that each must get."""

from __future__ import annotations

import io
from itertools import product

import pytest

from grader.checks import Check, Unclear, Violation, fail, say
from grader.codec import dump, load
from grader.judge import RETRY, judge, judge_trace, settle, wants_retry
from grader.model import (
    Busy,
    Event,
    GaveUp,
    Quiet,
    Result,
    Returned,
    Severity,
    Trace,
    Unproven,
    Value,
    Vanished,
    Verdict,
)

PASS, FAIL, BLOCKED, UNDECIDED = Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED, Verdict.UNDECIDED
SEVEN, EIGHT = (Returned(0.1, "a", 0, Value("int", shown=n)) for n in "78")
LATE, SPINS, QUIET = GaveUp(10.0, "bytes", 10.0, "a"), Busy(3.0, "a", 1.0, 3.0), Quiet(1.0, "a", "bytes")
BLIND, GONE = Unproven(0.0, "no /proc"), Vanished(1.0, "its process has ended")


def seven(trace: Trace):
    """The check of most tests here: PASS where 7 was returned, FAIL where anything else was, or nothing."""
    returned = trace.first(Returned)
    shown = returned.value.shown if returned else "nothing"
    if shown != "7":
        fail(say("it returns 7"), say("it returned {value}", value=shown), "not-seven", "m.py:3")
    return say("it returned {value}", value=shown)


def check(name: str = "one", function=seven, points: float = 2, **more) -> Check:
    return Check(name, function, points, say("f returns 7"), case=more.pop("case", name), **more)


def trace(*events: Event, case: str = "one") -> Trace:
    return Trace(case, events)


def only(results: tuple[Result, ...]) -> Result:
    (result,) = results
    return result


# --- one check, one trace --------------------------------------------------------------------------------------------


def raises(error: BaseException):
    def function(_: Trace):
        raise error

    return function


def gives(x: object):
    return lambda _: x


UNCLEAR = raises(Unclear(say("the machine was too busy")))
# (check, events) → verdict, what it says
TABLE = {
    "evidence": (seven, [SEVEN], PASS, "it returned 7"),
    "no evidence: nothing was returned by the check": (gives(None), [SEVEN], UNDECIDED, "no evidence"),
    "no evidence: True": (gives(True), [SEVEN], UNDECIDED, "no evidence"),
    "no evidence: a string": (gives("fine"), [SEVEN], UNDECIDED, "no evidence"),
    "no evidence: an empty text": (gives(say("")), [SEVEN], UNDECIDED, "no evidence"),
    "violated": (seven, [EIGHT], FAIL, "it returned 8"),
    "violated, as nothing came": (seven, [], FAIL, "it returned nothing"),
    "cannot tell": (UNCLEAR, [SEVEN], UNDECIDED, "too busy"),
    "the check breaks: KeyError": (raises(KeyError("x")), [SEVEN], UNDECIDED, "KeyError: 'x'"),
    "the check breaks: AssertionError": (raises(AssertionError()), [EIGHT], UNDECIDED, "broken"),
    "the check breaks: recursion": (raises(RecursionError()), [EIGHT], UNDECIDED, "broken"),
    "not provable here, and right": (seven, [BLIND, SEVEN], UNDECIDED, "no /proc"),
    "not provable here, and wrong": (seven, [BLIND, EIGHT], FAIL, "it returned 8"),
    "right, whatever came later": (seven, [SEVEN, LATE], PASS, "it returned 7"),
    "right, and then it ended its sandbox": (seven, [SEVEN, GONE], PASS, "it returned 7"),
    "cannot tell, as it ended its sandbox": (UNCLEAR, [GONE], FAIL, "from inside the sandbox"),
    "the check breaks on a vanished one": (raises(KeyError("x")), [GONE], UNDECIDED, "broken"),
}


@pytest.mark.parametrize(("function", "events", "verdict", "says"), TABLE.values(), ids=TABLE.keys())
def test_verdict_of_one_check_on_one_trace(function, events, verdict, says):
    result = only(judge([check(function=function)], {"one": trace(*events)}))
    assert result.verdict is verdict
    assert says in str(result.actual)
    assert result.points == (2 if verdict is PASS else 0)
    assert (result.id, result.case, result.max_points, result.severity) == ("one", "one", 2, Severity.MUST)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError])
def test_the_persons_wish_to_stop_is_no_verdict(error):
    if error is MemoryError:
        assert only(judge([check(function=raises(error()))], {"one": trace()})).verdict is UNDECIDED
        return
    with pytest.raises(error):
        judge([check(function=raises(error()))], {"one": trace()})


def test_a_failure_carries_all_that_the_check_said():
    result = only(judge([check()], {"one": trace(EIGHT)}))
    assert (str(result.expected), str(result.actual)) == ("it returns 7", "it returned 8")
    assert (result.mistake, result.where, result.blocked_by) == ("not-seven", "m.py:3", None)


def test_a_case_that_was_not_played_decides_nothing():
    result = only(judge([check()], {"another": trace(SEVEN)}))
    assert result.verdict is UNDECIDED
    assert wants_retry(result)


def test_a_refused_submission_fails_every_check_for_that_reason():
    refusal = Violation(say("a filled-in m.py"), say("the stub, unchanged"), "not-attempted", None)
    checks = [check("one"), check("two", needs=("one",)), check("three", severity=Severity.BONUS)]
    results = judge(checks, {}, refusal)
    assert [(r.verdict, r.mistake, str(r.actual), r.blocked_by) for r in results] == [
        (FAIL, "not-attempted", "the stub, unchanged", None)
    ] * 3


# --- needs -----------------------------------------------------------------------------------------------------------

P, F, U = gives(say("seen")), raises(Violation(say("x"), say("y"), None, None)), gives(None)
# functions of checks a, b (needs a), c (needs b) → verdicts and who blocks
CHAINS = [
    ((P, P, P), (PASS, PASS, PASS), (None, None, None)),
    ((P, P, F), (PASS, PASS, FAIL), (None, None, None)),
    ((P, F, P), (PASS, FAIL, BLOCKED), (None, None, "b")),
    ((F, P, P), (FAIL, BLOCKED, BLOCKED), (None, "a", "a")),
    ((F, F, F), (FAIL, BLOCKED, BLOCKED), (None, "a", "a")),
    ((U, P, P), (UNDECIDED, UNDECIDED, UNDECIDED), (None, "a", "a")),
    ((U, F, P), (UNDECIDED, UNDECIDED, UNDECIDED), (None, "a", "a")),
    ((P, U, P), (PASS, UNDECIDED, UNDECIDED), (None, None, "b")),
    ((P, U, F), (PASS, UNDECIDED, UNDECIDED), (None, None, "b")),
]


@pytest.mark.parametrize(("functions", "verdicts", "blockers"), CHAINS)
def test_who_needs_what_did_not_pass_is_blocked_or_undecided_by_the_first_cause(functions, verdicts, blockers):
    a, b, c = functions
    checks = [check("a", a), check("b", b, needs=("a",)), check("c", c, needs=("b",))]
    results = judge(checks, {n: trace(case=n) for n in "abc"})
    assert tuple(r.verdict for r in results) == verdicts
    assert tuple(r.blocked_by for r in results) == blockers
    assert [wants_retry(r) for r in results] == [r.verdict is UNDECIDED and not r.blocked_by for r in results]


@pytest.mark.parametrize(
    ("a", "b", "verdict", "blocker"),
    [(P, P, PASS, None), (P, F, BLOCKED, "b"), (F, U, BLOCKED, "a"), (U, F, BLOCKED, "b"), (U, P, UNDECIDED, "a")],
)
def test_of_several_needs_one_that_failed_for_sure_decides(a, b, verdict, blocker):
    checks = [check("a", a), check("b", b), check("c", P, needs=("a", "b"))]
    result = judge(checks, {n: trace(case=n) for n in "abc"})[-1]
    assert (result.verdict, result.blocked_by) == (verdict, blocker)


def test_results_known_from_before_count():
    known = judge([check("a", F), check("b", P)], {n: trace(case=n) for n in "ab"})
    so_far = {r.id: r for r in known}
    needs_a, needs_b, needs_none = (check("c", P, case="c", needs=n) for n in (("a",), ("b",), ("later",)))
    traces = {"c": trace(case="c")}
    assert only(judge([needs_a], traces, so_far=so_far)).verdict is BLOCKED
    assert only(judge([needs_b], traces, so_far=so_far)).verdict is PASS
    assert only(judge([needs_none], traces, so_far=so_far)).verdict is UNDECIDED


# --- deadlines and second playings -----------------------------------------------------------------------------------

# What one playing shows: events → (verdict by itself, does a deadline cast doubt on it)
PLAYINGS = {
    "pass": [SEVEN],
    "fail": [EIGHT],
    "fail, asleep for good": [QUIET],
    "fail at a deadline": [LATE],
    "fail while it spins": [SPINS],
    "undecided": [BLIND, SEVEN],
}
SURE, DOUBTFUL = {"fail", "fail, asleep for good"}, {"fail at a deadline", "fail while it spins"}


def expected(*playings: str) -> Verdict:
    """A failure that was seen is one; a deadline must be reached twice; undecided leaves the word to the other."""
    if SURE & {*playings}:
        return FAIL
    doubtful = [p for p in playings if p in DOUBTFUL]
    if doubtful:
        return FAIL if len(doubtful) == 2 else UNDECIDED
    return PASS if "pass" in playings else UNDECIDED


@pytest.mark.parametrize("first", PLAYINGS)
def test_one_playing(first):
    result = only(judge([check()], {"one": trace(*PLAYINGS[first])}))
    assert result.verdict is expected(first)
    assert wants_retry(result) is (first in DOUBTFUL or first == "undecided")


@pytest.mark.parametrize(("first", "second"), [*product(PLAYINGS, PLAYINGS)])
def test_two_playings(first, second):
    traces = {"one": trace(*PLAYINGS[first]), "one" + RETRY: trace(*PLAYINGS[second])}
    result = only(judge([check()], traces))
    assert result.verdict is expected(first, second)
    assert not result.deadline, "nothing is left to be tried again"
    if result.verdict is UNDECIDED:
        assert (result.expected, result.mistake, result.where) == (None, None, None)


@pytest.mark.parametrize("second", PLAYINGS)
def test_a_second_playing_counts_where_the_first_came_to_nothing(second):
    result = only(judge([check()], {"one" + RETRY: trace(*PLAYINGS[second])}))
    assert result.verdict is expected(second)


def test_who_needs_a_doubtful_check_is_not_blocked_for_good():
    checks = [check("a", seven), check("b", P, needs=("a",))]
    late = {"a": trace(LATE, case="a"), "b": trace(case="b")}
    assert [r.verdict for r in judge(checks, late)] == [UNDECIDED, UNDECIDED]
    assert [r.verdict for r in judge(checks, late | {"a" + RETRY: trace(LATE)})] == [FAIL, BLOCKED]
    assert [r.verdict for r in judge(checks, late | {"a" + RETRY: trace(SEVEN)})] == [UNDECIDED, UNDECIDED]
    assert [r.verdict for r in judge(checks, late | {"a" + RETRY: trace(EIGHT)})] == [FAIL, BLOCKED]


def test_two_playings_that_differ_tell_what_the_one_showed():
    late, fine = judge_trace(check(), trace(LATE)), judge_trace(check(), trace(SEVEN))
    for pair in ((late, fine), (fine, late)):
        assert "it returned nothing" in str(settle(*pair).actual)


# --- again -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("events", [*(e for _, e, _, _ in TABLE.values()), *PLAYINGS.values()])
def test_a_saved_trace_gives_the_same_results(events):
    checks = [check("one"), check("two", case="one", needs=("one",))]
    made = trace(*events)
    saved = load(io.StringIO(dump(made)))
    assert judge(checks, {"one": saved}) == judge(checks, {"one": made})
    twice = {"one": made, "one" + RETRY: made}
    assert judge(checks, twice) == judge(checks, {k: load(io.StringIO(dump(t))) for k, t in twice.items()})
