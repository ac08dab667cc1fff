"""How the stage takes a record: whose word each line is, when it happened, what it means that a record breaks off."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from grader.instrument.procfs import Watcher
from grader.instrument.run import Run
from grader.instrument.stage import Stage
from grader.model import Census, Died, Event, Forked, Left, Recorded, Returned, Started, Unproven, Vanished


class Line:
    """A link on which nothing is said but what the test says."""

    def __init__(self) -> None:
        self.told: list[Mapping[str, Any]] = []
        self.events: list[Event] = []

    def pump(self, reading: Iterable[Any], writing: Iterable[Any], timeout: float) -> None:
        pass

    def tell(self, message: Mapping[str, Any]) -> None:
        self.told.append(message)

    def emit(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[Event]) -> list[Event]:
        return [e for e in self.events if isinstance(e, kind)]


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def stage(line: Line, tmp_path) -> Stage:
    return Stage("c", 7, {}, line, Watcher(1, str(tmp_path)))


@pytest.fixture
def run(stage: Stage) -> Run:
    return stage.start("f", name="a", record=True)


def record(stage: Stage, op: str, t: float | None = None, recorded: int = 1, **more: Any) -> None:
    stage.heard({"op": op, "run": "a", "t": time.monotonic() if t is None else t, "recorded": recorded, **more})


def test_a_recorded_run_is_asked_for(run, line):
    assert line.told[0]["record"] is True


def test_an_event_happened_when_the_recorder_took_note_of_it(stage, run, line):
    stage._began -= 10
    record(stage, "forked", stage._began + 1.25, pid=2, by=1)
    record(stage, "returned", stage._began + 2.5, recorded=0, call=0, value={"kind": "none"})
    assert line.of(Forked) == [Forked(1.25, "a", 2, 1)]
    assert line.of(Returned)[0].at == 2.5


@pytest.mark.parametrize(("t", "most"), [(-1e9, 0.0), (1e12, 60.0)])
def test_no_event_is_older_than_the_case_or_yet_to_come(stage, run, line, t, most):
    record(stage, "forked", t, pid=2, by=1)
    assert 0 <= line.of(Forked)[0].at <= min(most, stage.now())


def test_a_run_begins_when_it_was_asked_for(stage, run, line):
    stage.heard({"op": "started", "run": "a", "pid": 40})
    assert line.of(Started) == [Started(run.asked, "a", "f", 40)]


def test_a_run_that_is_not_recorded_has_no_recorder_to_speak_for(stage, line):
    stage.start("f", name="a")
    record(stage, "forked", 0.1, pid=2, by=1)
    record(stage, "unrecorded", error="no")
    record(stage, "returned", -5.0, call=0, value={"kind": "none"})
    assert [type(e) for e in line.events] == [Returned]
    assert line.events[0].at > 0


def test_what_is_known_of_its_processes(stage, run):
    record(stage, "died", pid=2, code=0)
    record(stage, "left", recorded=0)
    assert run.wait_dead(2)
    assert run.wait_left()
    record(stage, "forked", pid=2, by=1)
    assert run.dead == set()
    record(stage, "recorded", whole=True)
    assert run.wait_record()


def test_a_record_that_breaks_off_is_the_programs_doing(stage, run, line):
    record(stage, "recorded", whole=False)
    assert [type(e) for e in line.events] == [Vanished, Recorded]
    assert stage.over


def test_but_not_where_we_have_stopped_it(stage, run, line):
    run.stopped = True
    record(stage, "recorded", whole=False)
    assert line.events == []
    assert run.wait_record()


def test_a_machine_that_cannot_record_says_so_once(stage, run, line):
    record(stage, "unrecorded", error="Operation not permitted")
    record(stage, "recorded", whole=False)
    assert [type(e) for e in line.events] == [Unproven, Recorded]
    assert run.wait_record()
    assert run.wait_dead(99)
    assert not stage.vanished


def test_a_census_without_proc_proves_nothing(stage, line):
    assert stage.census().processes == ()
    assert [type(e) for e in line.events] == [Unproven, Census]


def test_events_of_processes(stage, run, line):
    record(stage, "died", pid=2, code=None, signal="SIGKILL")
    record(stage, "left", recorded=0)
    assert [(e.code, e.signal) for e in line.of(Died)] == [(None, "SIGKILL")]
    assert len(line.of(Left)) == 1
