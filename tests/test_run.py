"""The path from a snapshot to results, with pods that follow a script: who is told what, and what is played."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from types import MappingProxyType
from typing import Any

import pytest

from grader.catalog import Exercise, Meta, Title
from grader.checks import Check, fail, say
from grader.codec import dump, load, to_line
from grader.errors import ExerciseError, MachineError
from grader.judge import RETRY
from grader.model import (
    Event,
    Exited,
    Frame,
    GaveUp,
    Imported,
    Limits,
    Marked,
    Quiet,
    Returned,
    Snapshot,
    Started,
    Trace,
    Unproven,
    Value,
    Vanished,
    Verdict,
)
from grader.run import IMPORT, Graded, grade, rejudge, selected
from grader.sandbox.base import POINTS, RELAYED, PodInfo
from grader.theatre import PODS, quoted

PASS, FAIL, BLOCKED, UNDECIDED = Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED, Verdict.UNDECIDED
GOOD, BAD = (Returned(0.1, "a", 0, Value("bool", shown=shown)) for shown in ("True", "False"))
LATE, GONE, BLIND = GaveUp(10.0, "bytes", 10.0, "a"), Vanished(1.0, "gone"), Unproven(0.0, "no /proc")
LOADED = (Started(0.0, "m", "m:", 7), Imported(0.1, "m"), Exited(0.2, "m", 0))
STUCK = (Started(0.0, "m", "m:", 7), GaveUp(10.0, "exit", 10.0, "m"))
SILENT, BREAKS = "says nothing more", "the script breaks"

Says = Iterable[Event | str | tuple[str, str | None]]
Player = Callable[[str, float, int], Says]


class FakePod:
    """player(case, pace, how often this case has been asked for) → events, (source, line) or a way to fail."""

    def __init__(self, player: Player, count: Counter[str], clocks: tuple[str, ...] = ()) -> None:
        self.info = PodInfo("fake", "3.13.5", "sha256:0", 41)
        self.inbox: SimpleQueue[tuple[str, str | None]] = SimpleQueue()
        self.told: list[tuple[str, str]] = []
        self.closed = 0
        self._player, self._count, self._clocks = player, count, clocks

    def tell(self, whom: str, line: str) -> None:
        self.told += [(whom, part) for part in line.split("\n")]
        order = json.loads(line) if line.startswith("{") else {}
        if order.get("op") == "load" and whom == "instrument":
            self._say(("instrument", json.dumps({"op": "loaded", "cases": [], "clocks": self._clocks})))
        if order.get("op") == "play":
            self._count[order["case"]] += 1
            for said in self._player(order["case"], order["pace"], self._count[order["case"]]):
                self._say(said)
                if said in (SILENT, BREAKS):
                    return
            self._say(("instrument", json.dumps({"op": "done", "case": order["case"]})))

    def _say(self, said: Event | str | tuple[str, str | None]) -> None:
        if isinstance(said, Event):
            self.inbox.put(("instrument", to_line(said) + "\n"))
        elif said == BREAKS:
            self.inbox.put(("instrument", json.dumps({"op": "broken", "error": "KeyError: 'x'"})))
        elif isinstance(said, tuple):
            self.inbox.put(said)

    def close(self) -> None:
        self.closed += 1
        self._say(("instrument", None))


class FakeSandbox:
    isolation = "fake"

    def __init__(self, player: Player, broken: int = 0, clocks: tuple[str, ...] = ()) -> None:
        """broken: so many openings fail before the first that works. clocks: cases in which a clock runs."""
        self.pods: list[FakePod] = []
        self.asked: Counter[str] = Counter()
        self._player, self._broken, self._clocks = player, broken, clocks

    def prepare(self, limits: Limits, count: int = 1) -> None: ...

    def open(self, limits: Limits) -> FakePod:
        if self._broken:
            self._broken -= 1
            raise MachineError(say("no engine"))
        self.pods.append(FakePod(self._player, self.asked, self._clocks))
        return self.pods[-1]

    def close(self) -> None: ...


def true(trace: Trace):
    returned = trace.first(Returned)
    if not returned or returned.value.shown != "True":
        fail(say("True"), say("{value}", value=returned.value.shown if returned else "nothing"))
    return say("it returned True")


def check(name: str, *needs: str, case: str = "", points: float = 1) -> Check:
    return Check(name, true, points, say("it returns True"), case=case or name, needs=needs)


CHAIN = (check("a"), check("b", "a"), check("c", "b"), check("d"))


class Made(Exercise):
    """An exercise without files."""

    checks: Any = ()
    script = "the script"
    driver = "the driver"
    stubs: Any = MappingProxyType({"m.py": b"stub"})


@pytest.fixture
def exercise(monkeypatch: pytest.MonkeyPatch) -> Iterator[Exercise]:
    monkeypatch.setattr(Made, "checks", CHAIN)
    meta = Meta(1, 3, "1.5", Title("", ""), ("m.py",), 4, ("receiver",), Limits(open_files=99), {"byte_order": "big"})
    yield Made("made", Path("/nowhere"), Path("/nowhere"), meta)


SNAPSHOT = Snapshot("alice", {"made": {"m.py": b"def f(): return True"}}, "5e")


def fine(case: str, pace: float, time: int) -> Says:
    return LOADED if case == IMPORT else [GOOD]


def with_cases(**cases: Says | Callable[[float, int], Says]) -> Player:
    """As `fine`, but for these cases."""

    def player(case: str, pace: float, time: int) -> Says:
        said = cases.get(case)
        return fine(case, pace, time) if said is None else said(pace, time) if callable(said) else said

    return player


def verdicts(graded: Graded) -> str:
    return " ".join(f"{r.id}:{r.verdict}" for r in graded.results)


def played(sandbox: FakeSandbox) -> list[tuple[str, float]]:
    orders = [json.loads(line) for pod in sandbox.pods for _, line in pod.told if line.startswith('{"op": "play"')]
    return [(o["case"], o["pace"]) for o in orders]


# --- the way things go -----------------------------------------------------------------------------------------------


def test_all_is_played_once_in_one_pod_which_is_closed(exercise):
    sandbox, heard = FakeSandbox(fine), []
    graded = grade(exercise, SNAPSHOT, sandbox, seed=7, progress=heard.append)
    assert verdicts(graded) == "a:pass b:pass c:pass d:pass"
    assert played(sandbox) == [(IMPORT, 1.0), ("a", 1.0), ("b", 1.0), ("c", 1.0), ("d", 1.0)]
    assert heard == ["a", "b", "c", "d"]
    assert [pod.closed for pod in sandbox.pods] == [1]
    assert graded.info == sandbox.pods[0].info
    assert graded.traces["a"] == Trace("a", (GOOD,), {"byte_order": "big"})
    assert list(graded.traces) == [IMPORT, "a", "b", "c", "d"]


def test_each_program_is_given_what_it_needs_and_no_more(exercise):
    sandbox = FakeSandbox(fine)
    grade(exercise, SNAPSHOT, sandbox, seed=7)
    (agent,) = [json.loads(line) for whom, line in sandbox.pods[0].told if whom == "agent"]
    instrument = json.loads(next(line for whom, line in sandbox.pods[0].told if whom == "instrument"))
    assert agent == {
        "op": "load",
        "files": {"m.py": base64.b64encode(b"def f(): return True").decode()},
        "driver": "the driver",
        "points": POINTS.read_text("utf-8"),
        "inside": {},
        "limits": {"open_files": 99, "file_mib": 16},
    }
    assert instrument == {
        "op": "load",
        "script": "the script",
        "seed": 7,
        "options": {"byte_order": "big"},
        "agent_pid": 41,
        "modules": ["m"],
        "proc": "/proc",
    }


def test_lines_are_passed_on_both_ways_unread_and_in_order(exercise):
    odd = '{"op":"é\u2028","x":"\\ud800"} not json \\ '
    said = [
        ("agent", "first\n"),
        ("agent", odd + "\n"),
        ("instrument", json.dumps({"op": "tell", "line": '{"op": "ping"}'})),
        ("agent", "third\n"),
        GOOD,
        ("agent", "last\n"),
    ]
    sandbox = FakeSandbox(with_cases(a=said))
    graded = grade(exercise, SNAPSHOT, sandbox, seed=7, only=["a"])
    told = sandbox.pods[0].told[3:]
    assert [line for whom, line in told if whom == "instrument" and line.startswith(RELAYED)] == [
        RELAYED + line for line in ("first", odd, "third", "last")
    ]
    assert [line for whom, line in told if whom == "agent"] == ['{"op": "ping"}']
    assert graded.traces["a"].events == (GOOD,)


def test_an_agent_that_goes_is_told_to_the_instrument_and_the_next_case_has_a_new_pod(exercise):
    sandbox = FakeSandbox(with_cases(a=[("agent", "last words\n"), ("agent", None), GOOD, GONE]))
    graded = grade(exercise, SNAPSHOT, sandbox, seed=7)
    assert ("instrument", '{"op": "agent-gone"}') in sandbox.pods[0].told
    assert verdicts(graded) == "a:pass b:pass c:pass d:pass"
    assert [[case for case, _ in played(one)] for one in map(alone, sandbox.pods)] == [[IMPORT, "a"], ["b", "c", "d"]]
    assert [pod.closed for pod in sandbox.pods] == [1, 1]


def alone(pod: FakePod) -> FakeSandbox:
    sandbox = FakeSandbox(fine)
    sandbox.pods = [pod]
    return sandbox


def test_a_submission_that_ends_every_pod_gets_so_many_and_no_more(exercise, monkeypatch):
    monkeypatch.setattr(Made, "checks", tuple(check(f"c{i}") for i in range(PODS + 4)))
    sandbox = FakeSandbox(lambda case, pace, time: LOADED if case == IMPORT else [GONE])
    graded = grade(exercise, SNAPSHOT, sandbox, seed=7)
    assert {r.verdict for r in graded.results} == {FAIL}
    assert len(sandbox.pods) == PODS
    assert all(pod.closed for pod in sandbox.pods)


# --- what is not played ----------------------------------------------------------------------------------------------


def test_a_case_is_not_played_where_all_its_checks_are_blocked(exercise):
    sandbox = FakeSandbox(with_cases(a=[BAD]))
    graded = grade(exercise, SNAPSHOT, sandbox, seed=7)
    assert verdicts(graded) == "a:fail b:blocked c:blocked d:pass"
    assert [r.blocked_by for r in graded.results] == [None, "a", "a", None]
    assert [case for case, _ in played(sandbox)] == [IMPORT, "a", "d"]


def test_a_case_is_played_where_one_of_its_checks_is_free(exercise, monkeypatch):
    monkeypatch.setattr(Made, "checks", (check("a"), check("b", "a", case="both"), check("c", case="both")))
    graded = grade(exercise, SNAPSHOT, sandbox := FakeSandbox(with_cases(a=[BAD])), seed=7)
    assert verdicts(graded) == "a:fail b:blocked c:pass"
    assert [case for case, _ in played(sandbox)] == [IMPORT, "a", "both"]


def test_checks_that_share_a_case_may_need_one_another_and_others(exercise, monkeypatch):
    checks = (check("a", case="x"), check("b", "a", case="y"), check("c", "a", "b", case="x"), check("d", "c"))
    monkeypatch.setattr(Made, "checks", checks)
    graded = grade(exercise, SNAPSHOT, sandbox := FakeSandbox(fine), seed=7)
    assert verdicts(graded) == "a:pass b:pass c:pass d:pass"
    assert [case for case, _ in played(sandbox)] == [IMPORT, "x", "y", "d"]


@pytest.mark.parametrize(
    ("only", "expected", "cases"),
    [
        (["c"], "a:pass b:pass c:pass", ["a", "b", "c"]),
        (["d"], "d:pass", ["d"]),
        (["d", "a"], "a:pass d:pass", ["a", "d"]),
        (["no.such"], "", []),
    ],
)
def test_only_some_checks_with_all_that_they_need(exercise, only, expected, cases):
    graded = grade(exercise, SNAPSHOT, sandbox := FakeSandbox(fine), seed=7, only=only)
    assert verdicts(graded) == expected
    assert [case for case, _ in played(sandbox)] == [IMPORT, *cases]
    assert [c.id for c in selected(CHAIN, only)] == [r.id for r in graded.results]


@pytest.mark.parametrize(
    ("snapshot", "mistake"),
    [
        (Snapshot("alice", {}, "5e"), "not-attempted"),
        (Snapshot("alice", {"made": {"m.py": b" stub\n"}}, "5e"), "not-attempted"),
        (replace(SNAPSHOT, refused=say("encrypted")), None),
    ],
)
def test_what_was_not_attempted_starts_no_pod(exercise, snapshot, mistake):
    graded = grade(exercise, snapshot, sandbox := FakeSandbox(fine), seed=7)
    assert sandbox.pods == []
    assert {(r.verdict, r.mistake) for r in graded.results} == {(FAIL, mistake)}
    assert graded.info is None


def test_a_module_that_cannot_be_imported_is_asked_no_more(exercise):
    sandbox = FakeSandbox(with_cases(**{IMPORT: [Started(0.0, "m", "m:", 7), Exited(0.1, "m", 0)]}))
    graded = grade(exercise, SNAPSHOT, sandbox, seed=7)
    assert {(r.verdict, r.mistake) for r in graded.results} == {(FAIL, "ends-the-interpreter")}
    assert [case for case, _ in played(sandbox)] == [IMPORT]


# --- again -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("again", "expected", "then"),
    [
        ([LATE], "a:fail b:blocked c:blocked d:pass", "d"),
        ([BAD], "a:fail b:blocked c:blocked d:pass", "d"),
        ([GOOD], "a:undecided b:undecided c:undecided d:pass", "bcd"),
    ],
)
def test_a_deadline_is_tried_again_at_once_in_a_fresh_pod_with_three_times_the_limits(exercise, again, expected, then):
    sandbox = FakeSandbox(with_cases(a=lambda pace, time: [LATE] if time == 1 else again))
    graded = grade(exercise, SNAPSHOT, sandbox, seed=7)
    assert verdicts(graded) == expected
    assert played(sandbox) == [(IMPORT, 1.0), ("a", 1.0), ("a", 3.0), *((case, 1.0) for case in then)]
    assert graded.traces["a"].events == (LATE,)
    assert graded.traces["a" + RETRY].events == tuple(again)
    assert len(sandbox.pods) == 2
    assert [pod.closed for pod in sandbox.pods] == [1, 1]


def test_a_failure_that_was_seen_is_not_tried_again(exercise):
    sandbox = FakeSandbox(with_cases(d=[Quiet(1.0, "a", "bytes")]))
    assert verdicts(grade(exercise, SNAPSHOT, sandbox, seed=7)) == "a:pass b:pass c:pass d:fail"
    assert len(sandbox.pods) == 1


def test_what_this_machine_cannot_prove_is_not_tried_again_but_a_deadline_is(exercise):
    sandbox = FakeSandbox(with_cases(a=[BLIND, GOOD], d=[BLIND, LATE]))
    graded = grade(exercise, SNAPSHOT, sandbox, seed=7)
    assert verdicts(graded) == "a:undecided b:undecided c:undecided d:fail"
    assert [case for case, pace in played(sandbox) if pace == 3.0] == ["d"]


def test_two_checks_of_one_case_are_tried_again_once(exercise, monkeypatch):
    monkeypatch.setattr(Made, "checks", (check("a", case="both"), check("b", case="both")))
    graded = grade(exercise, SNAPSHOT, sandbox := FakeSandbox(with_cases(both=[LATE])), seed=7)
    assert verdicts(graded) == "a:fail b:fail"
    assert played(sandbox) == [(IMPORT, 1.0), ("both", 1.0), ("both", 3.0)]


@pytest.mark.parametrize(
    ("second", "expected", "cases"),
    [
        (LOADED, {PASS}, ["a", "b", "c", "d"]),
        (STUCK, {FAIL}, []),
        ([*STUCK[:1], Quiet(1.0, "m", "exit")], {FAIL}, []),
        ([SILENT, SILENT], {UNDECIDED}, []),
    ],
)
def test_an_import_that_was_too_slow_is_tried_again_before_all_else(exercise, monkeypatch, second, expected, cases):
    monkeypatch.setattr("grader.theatre.SILENCE", 0.01)
    sandbox = FakeSandbox(with_cases(**{IMPORT: lambda pace, time: STUCK if time == 1 else second}))
    graded = grade(exercise, SNAPSHOT, sandbox, seed=7)
    assert {r.verdict for r in graded.results} == expected
    assert [case for case, _ in played(sandbox) if case != IMPORT] == cases
    assert played(sandbox)[:2] == [(IMPORT, 1.0), (IMPORT, 3.0)]


# --- cases in which a clock runs ------------------------------------------------------------------------------------


def by_pod(sandbox: FakeSandbox) -> list[list[str]]:
    return [[case for case, _ in played(alone(pod))] for pod in sandbox.pods]


def until(told: threading.Event) -> Callable[[float, int], Says]:
    """The clock of a case that has run down when it is told so."""

    def player(pace: float, time: int) -> Says:
        assert told.wait(10), "nothing else was played meanwhile"
        return [GOOD]

    return player


def telling(told: threading.Event) -> Callable[[float, int], Says]:
    def player(pace: float, time: int) -> Says:
        told.set()
        return [GOOD]

    return player


def test_while_a_clock_runs_the_others_are_played_and_what_needs_it_comes_afterwards(exercise):
    run_down = threading.Event()
    sandbox = FakeSandbox(with_cases(b=until(run_down), d=telling(run_down)), clocks=("b",))
    graded = grade(exercise, SNAPSHOT, sandbox, seed=7)
    assert verdicts(graded) == "a:pass b:pass c:pass d:pass"
    assert by_pod(sandbox) == [[IMPORT, "a", "d", "c"], ["b"]]
    assert [pod.closed for pod in sandbox.pods] == [1, 1]


def test_two_clocks_run_side_by_side(exercise, monkeypatch):
    monkeypatch.setattr(Made, "checks", (check("a"), check("b")))
    both = threading.Barrier(2)

    def player(case: str, pace: float, time: int) -> Says:
        if case == IMPORT:
            return LOADED
        both.wait(10)
        return [GOOD]

    sandbox = FakeSandbox(player, clocks=("a", "b"))
    assert verdicts(grade(exercise, SNAPSHOT, sandbox, seed=7)) == "a:pass b:pass"
    assert sorted(by_pod(sandbox)) == [["a"], ["b"], [IMPORT]]


def test_what_a_case_with_a_clock_needs_is_played_first(exercise, monkeypatch):
    monkeypatch.setattr(Made, "checks", (check("x"), check("y"), check("b", "y")))
    sandbox = FakeSandbox(fine, clocks=("b",))
    grade(exercise, SNAPSHOT, sandbox, seed=7)
    assert by_pod(sandbox) == [[IMPORT, "y", "x"], ["b"]]


def test_a_clock_whose_case_is_blocked_is_not_started(exercise):
    sandbox = FakeSandbox(with_cases(a=[BAD]), clocks=("b",))
    assert verdicts(grade(exercise, SNAPSHOT, sandbox, seed=7)) == "a:fail b:blocked c:blocked d:pass"
    assert by_pod(sandbox) == [[IMPORT, "a", "d"]]


def test_a_case_with_a_clock_is_played_again_in_a_fresh_pod_too(exercise):
    sandbox = FakeSandbox(with_cases(b=lambda pace, time: [LATE] if pace == 1.0 else [BAD]), clocks=("b",))
    assert verdicts(grade(exercise, SNAPSHOT, sandbox, seed=7)) == "a:pass b:fail c:blocked d:pass"
    assert by_pod(sandbox)[1:] == [["b"], ["b"]]
    assert [pod.closed for pod in sandbox.pods] == [1, 1, 1]


def test_meanwhile_is_when_nothing_is_left_to_do_but_to_wait_for_a_clock(exercise):
    run_down, entered = threading.Event(), []

    @contextlib.contextmanager
    def meanwhile() -> Iterator[None]:
        entered.append([case for case, _ in played(sandbox)])
        run_down.set()
        yield

    sandbox = FakeSandbox(with_cases(b=until(run_down)), clocks=("b",))
    grade(exercise, SNAPSHOT, sandbox, seed=7, meanwhile=meanwhile)
    assert [set(cases) - {"b"} for cases in entered] == [{IMPORT, "a", "d"}]


def test_a_clock_does_not_hold_up_an_error(exercise):
    sandbox = FakeSandbox(with_cases(b=[SILENT], d=[BREAKS]), clocks=("b",))
    with pytest.raises(ExerciseError, match="KeyError: 'x'"):
        grade(exercise, SNAPSHOT, sandbox, seed=7)
    assert len(sandbox.pods) == 2
    assert all(pod.closed for pod in sandbox.pods)


# --- the machine, the author -----------------------------------------------------------------------------------------

TROUBLE = {"silence": [SILENT], "the instrument ends": [GOOD, ("instrument", None)]}


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE.keys())
def test_trouble_of_the_machine_is_tried_once_more_in_a_new_pod(exercise, monkeypatch, trouble):
    monkeypatch.setattr("grader.theatre.SILENCE", 0.01)
    sandbox = FakeSandbox(with_cases(b=lambda pace, time: trouble if time == 1 else [GOOD]))
    graded = grade(exercise, SNAPSHOT, sandbox, seed=7)
    assert verdicts(graded) == "a:pass b:pass c:pass d:pass"
    assert graded.traces["b"].events == (GOOD,), "nothing is kept of what was cut off"
    assert sandbox.asked["b"] == 2
    assert [pod.closed for pod in sandbox.pods] == [1, 1]


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE.keys())
def test_trouble_that_stays_is_undecided_and_never_a_failure(exercise, monkeypatch, trouble):
    monkeypatch.setattr("grader.theatre.SILENCE", 0.01)
    sandbox = FakeSandbox(with_cases(b=trouble))
    graded = grade(exercise, SNAPSHOT, sandbox, seed=7)
    assert verdicts(graded) == "a:pass b:undecided c:undecided d:pass"
    assert "b" not in graded.traces
    assert all(pod.closed for pod in sandbox.pods)


def test_trouble_that_has_gone_at_the_second_playing_leaves_the_word_to_that(exercise, monkeypatch):
    monkeypatch.setattr("grader.theatre.SILENCE", 0.01)
    sandbox = FakeSandbox(with_cases(b=lambda pace, time: [GOOD] if pace == 3.0 else [SILENT]))
    assert verdicts(grade(exercise, SNAPSHOT, sandbox, seed=7)) == "a:pass b:pass c:pass d:pass"


def test_a_second_playing_that_cannot_be_had_is_no_failure(exercise, monkeypatch):
    monkeypatch.setattr("grader.theatre.SILENCE", 0.01)
    sandbox = FakeSandbox(with_cases(d=lambda pace, time: [SILENT] if pace == 3.0 else [LATE]))
    assert verdicts(grade(exercise, SNAPSHOT, sandbox, seed=7)) == "a:pass b:pass c:pass d:undecided"


def test_one_pod_that_does_not_open_is_no_matter_and_none_at_all_is_the_machines_error(exercise):
    assert {r.verdict for r in grade(exercise, SNAPSHOT, FakeSandbox(fine, broken=1), seed=7).results} == {PASS}
    with pytest.raises(MachineError, match="no engine"):
        grade(exercise, SNAPSHOT, FakeSandbox(fine, broken=2), seed=7)


def test_a_script_that_breaks_is_the_authors_error_and_the_pod_is_closed(exercise):
    sandbox = FakeSandbox(with_cases(b=[GOOD, BREAKS]))
    with pytest.raises(ExerciseError, match="KeyError: 'x'"):
        grade(exercise, SNAPSHOT, sandbox, seed=7)
    assert all(pod.closed for pod in sandbox.pods)


def test_whatever_interrupts_us_the_pod_is_closed(exercise):
    sandbox = FakeSandbox(fine)

    def interrupted(case: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(exercise, SNAPSHOT, sandbox, seed=7, progress=interrupted)
    assert [pod.closed for pod in sandbox.pods] == [1]


# --- judged again ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "player",
    [
        fine,
        with_cases(a=[BAD]),
        with_cases(a=[LATE]),
        with_cases(a=lambda pace, time: [LATE] if pace == 1.0 else [GOOD]),
        with_cases(**{IMPORT: STUCK}),
        with_cases(**{IMPORT: lambda pace, time: STUCK if time == 1 else LOADED}),
        with_cases(d=[Marked(0.1, "x"), GONE]),
    ],
)
def test_saved_traces_give_the_same_results(exercise, player):
    graded = grade(exercise, SNAPSHOT, FakeSandbox(player), seed=7)
    saved = {name: load(dump(trace).split("\n")) for name, trace in graded.traces.items()}
    assert rejudge(exercise.checks, saved) == graded.results


@pytest.mark.parametrize(
    ("place", "source"),
    [
        (Frame("m.py", 2, "f"), "return True"),
        (Frame("m.py", 2, "f", "as it was told"), "as it was told"),
        (Frame("m.py", 9, "f"), ""),
        (Frame("m.py", 0, "f"), ""),
        (Frame("other.py", 1, "f"), ""),
    ],
)
def test_a_place_without_its_line_gets_it_as_it_was_handed_in(place, source):
    event = quoted(Quiet(1.0, "a", "bytes", place), {"m.py": b"def f():\r\n    return True\r\n"})
    assert event.where.source == source


def test_what_names_no_place_stays_as_it_is():
    assert quoted(LATE, {}) is LATE
    assert quoted(GONE, {}) is GONE
