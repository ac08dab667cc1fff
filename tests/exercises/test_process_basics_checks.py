"""What the checks of `process_basics` read out of the lives of processes: the verdict, and the name of the mistake."""

import dataclasses
from pathlib import Path

import pytest

from grader.analysis.children import DAWDLES
from grader.catalog import find_course
from grader.judge import judge_trace
from grader.model import Arrived, Called, Census, Died, Forked, Marked, Measured, Raised, Returned, Seen, Trace
from grader.wire.payload import value_of
from reference.process_basics.ending import WAITS_FIRST
from tests.support.processes import AGENT, MAIN, story

EXERCISE = find_course(Path(__file__).parents[2]).exercise("process_basics")
CHECKS = {c.id.removeprefix("process_basics."): c for c in EXERCISE.checks}
KILLED = (
    *("start victim", "start other", "call stop", "hit victim SIGTERM", "hit victim SIGKILL", "end victim SIGKILL"),
    *("reap victim", "over False"),
)
STOP = ("start victim", "start other", "call stop", "hit victim SIGTERM", "end victim 0", "reap victim", "over False")


def judged(check, *lines, more=()):
    trace = story(CHECKS[check].case, *lines)
    events = sorted((*trace.events, *more), key=lambda e: e.at)
    result = judge_trace(CHECKS[check], dataclasses.replace(trace, events=tuple(events)))
    return result.verdict.value, result.mistake


def started(*names, over="[]"):
    """Jobs stand under the repr of their arguments, which holds no blank here."""
    return ["call start_all", *(f"start {name}" for name in names), f"over {over}", "quit 0"]


THREE = ("('a',)", "('b',)", "('c',)")


@pytest.mark.parametrize(
    ("check", "lines", "mistake"),
    [
        ("start.all", started("('a',)", "('b',)"), "starts-too-few"),
        ("start.all", started("('a',)", "('b',)", "('a',)"), "same-arguments"),
        ("start.all", started("(('a',),)"), "args-not-a-tuple"),
        ("start.args", started("('a','b','c')"), "args-not-a-tuple"),
        ("start.all", ("call start_all", "raises TypeError"), None),
        ("start.all", ("call start_all", "raises OSError"), None),
        ("start.returns", (*started(*THREE)[:4], "stands 6"), "waits-for-children"),
        ("start.returns", (*started(*THREE)[:4], "end ('a',) 0", "over []", "quit 0"), "ended-before-return"),
        ("start.list", started(*THREE, over="None"), "returns-no-list"),
        ("start.list", started(*THREE, over="[1,2,3]"), "returns-others"),
        ("start.none", started("('a',)"), "nothing-to-do-fails"),
        ("start.none", ("call start_all", "raises IndexError"), "nothing-to-do-fails"),
        ("stop.running", [line for line in STOP if not line.startswith("hit")], "never-terminated"),
        ("stop.running", [line.replace("SIGTERM", "SIGKILL") for line in STOP], "kill-not-terminate"),
        ("stop.running", (*STOP[:4], "stands 9"), None),
        ("stop.running", (*STOP[:3], "stands 9"), "never-terminated"),
        ("stop.joined", (*STOP[:4], "over True", "end victim 0", "reap victim"), "alive-before-join"),
        ("stop.joined", (*STOP[:5], "over False", "census victim=Z other=S"), "zombie"),
        ("stop.answer", (*STOP[:4], "over True", *STOP[4:6]), "alive-before-join"),
        ("stop.answer", (*STOP[:6], "over True"), "says-without-looking"),
        ("stop.answer", (*STOP[:6], "over None"), "returns-nothing"),
        ("stop.others", (*STOP[:6], "hit other SIGTERM", "over False"), "stops-everyone"),
        ("stop.stubborn", (*STOP[:4], "stands 9"), "waits-for-ever"),
        ("stop.stubborn", (*STOP[:4], "over True"), "never-killed"),
        ("stop.stubborn", (*STOP[:4], "hit victim SIGKILL", "over True"), "killed-not-joined"),
        ("stop.stubborn", (*KILLED[:-2], "over False", "census victim=Z other=S"), "killed-not-joined"),
        ("stop.stubborn", (*STOP[:4], *["let other"] * 5, *KILLED[4:]), "killed-late"),
        ("stop.stubborn", (*STOP[:4], STOP[3], "stands 9"), "never-killed"),
        ("stop.truth", (*STOP[:4], "over False"), "says-without-looking"),
    ],
)
def test_the_mistake_has_its_name(check, lines, mistake):
    assert judged(check, *lines) == ("fail", mistake)


@pytest.mark.parametrize("check", ["stop.running", "stop.joined", "stop.answer", "stop.others"])
def test_a_process_is_stopped_as_it_should_be(check):
    assert judged(check, *STOP) == ("pass", None)


def test_who_never_answers_says_nothing_that_is_wrong():
    assert judged("stop.truth", *STOP[:4], "stands 9") == ("pass", None)
    assert judged("stop.truth", *STOP[:4], "over True") == ("pass", None)


def test_to_be_killed_after_five_seconds_is_soon_enough():
    assert judged("stop.stubborn", *KILLED) == ("pass", None)
    assert judged("stop.stubborn", *STOP[:4], *["let other"] * 4, *KILLED[4:]) == ("pass", None)


def test_a_child_that_ends_by_itself_has_raised():
    more = Forked(2.5, "a", 99, MAIN), Died(2.7, "a", 99, 1, None)
    lines = "call start_all", "start ('a',)", "stands"
    assert judged("start.all", *lines, more=more) == ("fail", "child-raises")


def test_who_waits_before_anything_was_sent_is_told_so():
    assert judged("stop.running", *STOP[:3], more=(Marked(3.5, WAITS_FIRST),)) == ("fail", "waits-first")


def test_who_waits_with_a_time_out_does_not_return_at_once():
    more = (Marked(4.5, DAWDLES),)
    assert judged("start.returns", *started(*THREE), more=more) == ("fail", "waits-for-children")


@pytest.mark.parametrize(("n", "verdict"), [(1, ("pass", None)), (4, ("fail", "keeps-earlier"))])
def test_a_second_call_returns_a_list_of_its_own(n, verdict):
    more = Called(6, "a", 9, "again"), Returned(7, "a", 9, value_of(n))
    told = Arrived(5.5, "a", "main", MAIN, AGENT, MAIN, ("[11, 12, 13]",))
    trace = story("start.all", *started(*THREE))
    events = [e for e in trace.events if not (isinstance(e, Arrived) and e.job == "main")]
    result = judge_trace(CHECKS["start.list"], Trace("start.all", (*events, told, *more)))
    assert (result.verdict.value, result.mistake) == verdict


# --- LineWriter -------------------------------------------------------------------------------------------------------


def written(*lines, texts=("x",)):
    """LineWriters were started for these texts; at the end the file holds these lines."""
    calls = Called(50, "a", 9, "lines"), Returned(51, "a", 9, value_of([*lines]))
    return (*(Marked(0, text) for text in texts), *calls)


CHILD = ("start one", "end one 0", "reap one")


@pytest.mark.parametrize(
    ("check", "lines", "mistake"),
    [
        ("oop.lines", [], "writes-nothing"),
        ("oop.lines", ["x,11,10"], "no-newline"),
        ("oop.lines", ["y,11,10\n"], None),
        ("oop.lines", ["x,11,10\n", "x,11,10\n"], None),
        ("oop.lines", ["x 11 10\n"], "other-separator"),
        ("oop.lines", ["\ufffd,11,10\n"], "other-encoding"),
        ("oop.lines", ["LineWriter-1,11,10\n"], "name-taken"),
        ("oop.numbers", ["x, 11, 10\n"], "other-separator"),
        ("oop.appends", ["x,11,10\n"], "overwrites"),
        ("oop.numbers", ["x,10,2\n"], "pid-in-init"),
        ("oop.numbers", ["x,11,11\n"], "pid-twice"),
        ("oop.numbers", ["x,11,2\n"], "ppid-wrong"),
        ("oop.numbers", ["x,77,10\n"], "pid-made-up"),
        ("oop.numbers", ["x,eleven,10\n"], None),
    ],
)
def test_what_a_line_says_of_who_wrote_it(check, lines, mistake):
    assert judged(check, *CHILD, "quit 0", more=written(*lines)) == ("fail", mistake)


def test_whole_lines():
    whole = ("kept,1,1\n", "x,11,10\n")
    for check in ("oop.lines", "oop.appends", "oop.numbers"):
        assert judged(check, *CHILD, "quit 0", more=written(*whole)) == ("pass", None)
    assert judged("oop.lines", "quit 0", more=written(*whole)) == ("fail", "overrides-start")


@pytest.mark.parametrize(
    ("lines", "mistake"),
    [
        (["two,12,10\n"], "overwrites"),
        (["two,11,10\n", "two,12,10\n"], "shared-by-all"),
        (["one,11,10two,12,10"], "no-newline"),
    ],
)
def test_two_texts_in_one_file(lines, mistake):
    children = ("start one", "start two", "end one 0", "end two 0", "reap one", "reap two", "quit 0")
    assert judged("oop.lines", *children, more=written(*lines, texts=("one", "two"))) == ("fail", mistake)


@pytest.mark.parametrize("error", ["AssertionError", "AttributeError"])
def test_a_process_that_was_never_made_cannot_be_started(error):
    more = Called(1, "a", 3, "start"), Raised(2, "a", 3, error, (error, "Exception"), "Process.__init__() not called")
    assert judged("oop.lines", more=(Marked(0, "x"), *more)) == ("fail", "no-super-init")


# --- whoami, bump -----------------------------------------------------------------------------------------------------

LOOKED = Census(20, (Seen(MAIN, AGENT, "S", 1),))


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ((MAIN, AGENT), ("pass", None)),
        ((MAIN, MAIN), ("fail", "pid-twice")),
        ((AGENT, MAIN), ("fail", "order-swapped")),
        ((4711, 4710), ("fail", "pid-made-up")),
        ((4711, AGENT), ("fail", "pid-made-up")),
        (None, ("fail", "returns-nothing")),
    ],
)
def test_the_numbers_of_the_main_process(value, verdict):
    assert judged("pid.parent", "call whoami", f"over {value!r}", more=[LOOKED]) == verdict


def test_who_the_parent_is_must_have_been_seen():
    assert judged("pid.parent", "call whoami", "over (10, 2)") == ("undecided", None)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [("(11, 10)", ("pass", None)), ("(10, 2)", ("fail", "pid-at-import")), ("(11, 2)", ("fail", None))],
)
def test_the_numbers_of_a_child(said, verdict):
    job = Arrived(3.5, "a", "child", 11, MAIN, 11, (said,))
    lines = ("call whoami", "over (10, 2)", "start x", "end x 0", "reap x")
    assert judged("pid.child", *lines, more=[LOOKED, job]) == verdict


@pytest.mark.parametrize(
    ("value", "children", "verdict"),
    [
        ((7, 8), CHILD, ("pass", None)),
        ((8, 8), (), ("fail", "thread-not-process")),
        ((8, 8), CHILD, ("fail", "changed-in-parent")),
        ((7, 7), CHILD, ("fail", "value-not-brought-back")),
        ((8, 7), CHILD, ("fail", "order-swapped")),
    ],
)
def test_the_values_in_two_memories(value, children, verdict):
    lines = ("call bump", *children, f"over {value!r}", "quit 0")
    assert judged("isolation.values", *lines, more=[Measured(0, "box", 7)]) == verdict


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (("start box", "end box 0", "reap box"), ("pass", None)),
        (("here box", *CHILD), ("fail", "value-faked")),
        (("here box",), ("fail", "value-faked")),
    ],
)
def test_it_must_be_a_child_that_uses_the_box(lines, verdict):
    assert judged("isolation.child", "call bump", *lines, "over (7, 8)", "quit 0") == verdict


def test_what_the_module_starts_at_import_is_one_checks_business():
    """Its children do not spoil the others: they were born before the module was imported."""
    trace = story("import.quiet", "start early", "end early 0", "reap early", "here main", "quit 0")
    assert judge_trace(CHECKS["import.quiet"], trace).mistake == "starts-at-import"
    late = [dataclasses.replace(e, at=3.5) if type(e).__name__ == "Imported" else e for e in trace.events]
    more = story("start.none", "call start_all", "over []").events[2:]
    events = (*late, *(dataclasses.replace(e, at=e.at + 4) for e in more))
    assert judge_trace(CHECKS["start.none"], Trace("start.none", events)).verdict.value == "pass"
