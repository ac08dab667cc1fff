"""The checks of bump, of stop, and of what the module does at import."""

from __future__ import annotations

from typing import NoReturn

from grader.analysis.lifecycle import Life, arrivals, record
from grader.analysis.outcomes import outcomes_of
from grader.checks import SHOULD, check, fail
from grader.model import Arrived, Measured, Text, Trace, say

from .readings import RUN, answer, did_not_come_back, ending, literal, over_at, recorded


@check(
    "isolation.values",
    points=1,
    requirement=say("bump returns two values: the parent's is unchanged, the child has seen one more"),
)
def isolation_values(trace: Trace) -> Text:
    box = trace.first(Measured, what="box")
    before = int(box.value) if box else 0
    truth = (before, before + 1)
    expected = say("{values} for the box [{before}]", values=repr(truth), before=before)
    got = answer(trace, "bump", expected).value
    value = literal(got)
    if value != truth:
        actual = say("it returned {value}", value=got.shown if got else "")
        fail(expected, actual, _why_values(trace, value, truth))
    return say("{values}: each process has a memory of its own", values=repr(truth))


def _why_values(trace: Trace, value: object, truth: tuple[int, int]) -> str | None:
    if value == (truth[1], truth[1]):
        return "changed-in-parent" if recorded(trace).lives else "thread-not-process"
    if value == (truth[0], truth[0]):
        return "value-not-brought-back"
    return "order-swapped" if value == truth[::-1] else None


@check(
    "isolation.child",
    points=1,
    needs=("isolation.values",),
    requirement=say("it is a child process that adds 1 to the box"),
)
def isolation_child(trace: Trace) -> Text:
    expected = say("a child process that uses the box")
    answer(trace, "bump", expected)
    found = recorded(trace)
    users = {e.pid for e in trace.of(Arrived, run=RUN, job="box")}
    if not found.lives:
        fail(expected, say("no process was started"), "value-faked")
    if not users & {life.pid for life in found.children}:
        fail(expected, say("{n} was started, and it never touched the box", n=len(found.children)), "value-faked")
    return say("the box was used in process {pid}", pid=min(users - {found.root.pid}))


@check(
    "isolation.reaped",
    case="isolation.values",
    points=1,
    needs=("isolation.values",),
    requirement=say("the child of bump has ended and has been joined when bump returns"),
)
def isolation_reaped(trace: Trace) -> Text:
    expected = say("when bump returns, its child has ended and was joined")
    answer(trace, "bump", expected)
    at, found = over_at(trace, "bump"), recorded(trace)
    for life in found.children:
        if not life.died < at:
            fail(expected, say("process {pid} was still running", pid=life.pid), "never-joined")
        if not life.reaped < at:
            fail(expected, say("process {pid} had ended and was a zombie", pid=life.pid), "never-joined")
    return say("{n} child, ended and joined before the return", n=len(found.children))


# --- stop -----------------------------------------------------------------------------------------------------------


def _victim(trace: Trace) -> Life:
    found, job = recorded(trace), arrivals(trace, RUN)["victim"]
    life = found.of(job.pid)
    assert life, "whom the driver starts is in the record"
    return life


@check(
    "stop.running",
    points=1,
    requirement=say("stop ends a running process by terminate(), which is SIGTERM"),
)
def stop_running(trace: Trace) -> Text:
    expected = say("the process is sent SIGTERM by the one that calls stop, and ends of it")
    if not outcomes_of(trace, RUN, "stop"):
        _hangs(trace, expected, _victim(trace))
    answer(trace, "stop", expected)
    life, found = _victim(trace), recorded(trace)
    signals = [k.signal for k in life.struck if k.by == found.root.pid]
    if not signals:
        fail(expected, say("it was sent no signal at all; {how}", how=ending(life)), "never-terminated")
    if signals[0] != "SIGTERM":
        fail(expected, say("it was sent {signal}", signal=signals[0]), "kill-not-terminate")
    return say("SIGTERM from process {pid}; {how}", pid=found.root.pid, how=ending(life))


def _hangs(trace: Trace, expected: Text, life: Life) -> NoReturn:
    did_not_come_back(trace, expected, None if life.struck else "never-terminated")


@check(
    "stop.joined",
    case="stop.running",
    points=1,
    needs=("stop.running",),
    requirement=say("stop waits until the process has ended and joins it: no zombie is left"),
)
def stop_joined(trace: Trace) -> Text:
    at, life = over_at(trace, "stop"), _victim(trace)
    expected = say("when stop returns, the process has ended and was joined")
    if not life.died < at:
        fail(expected, say("it was still running"), "alive-before-join")
    if not life.reaped < at:
        fail(expected, say("it had ended and was a zombie"), "never-joined")
    return say("it had ended, and was joined")


@check(
    "stop.answer",
    case="stop.running",
    points=1,
    needs=("stop.running",),
    requirement=say("stop returns is_alive() as it is after the end: False"),
)
def stop_answer(trace: Trace) -> Text:
    return _false(trace)


def _false(trace: Trace) -> Text:
    value = answer(trace, "stop", Text("False")).value
    if value is None or value.shown != "False":
        shown = value.shown if value else ""
        code = {"True": "alive-before-join", "None": "returns-nothing"}.get(shown)
        fail(Text("False"), say("it returned {value}", value=shown), code)
    return Text("False")


@check(
    "stop.others",
    case="stop.running",
    points=0.5,
    needs=("stop.running",),
    requirement=say("stop leaves all other processes alone"),
)
def stop_others(trace: Trace) -> Text:
    expected = say("another process runs on, untouched")
    found, other = recorded(trace), arrivals(trace, RUN)["other"]
    life = found.of(other.pid)
    if life and (life.struck or life.died < over_at(trace, "stop")):
        fail(expected, say("another process was {how}", how=ending(life)), "stops-everyone")
    return say("another process was not touched")


@check(
    "stop.ended",
    points=0.5,
    requirement=say("stop of a process that has ended before returns False"),
)
def stop_ended(trace: Trace) -> Text:
    return _false(trace)


@check(
    "stop.stubborn",
    points=1,
    severity=SHOULD,
    needs=("stop.joined",),
    requirement=say("a process that ignores SIGTERM is killed within 5 seconds"),
)
def stop_stubborn(trace: Trace) -> Text:
    expected = say("SIGTERM first, then SIGKILL within 5 seconds")
    life = _victim(trace)
    if not outcomes_of(trace, RUN, "stop"):
        did_not_come_back(trace, expected, "waits-for-ever" if life.struck else None)
    value = answer(trace, "stop", expected).value
    at = over_at(trace, "stop")
    if not life.died < at:
        shown = value.shown if value else ""
        fail(expected, say("stop returned {value} and the process was still running", value=shown), "never-killed")
    began = min((k.at for k in life.struck), default=life.died)
    if life.died - began > 5:
        fail(expected, say("it took {n} s", n=round(life.died - began, 1)))
    return Text("{signals}", {"signals": ", ".join(k.signal for k in life.struck)})


@check(
    "stop.truth",
    case="stop.stubborn",
    points=0.5,
    needs=("stop.joined",),
    requirement=say("what stop returns is true, also of a process that ignores SIGTERM"),
)
def stop_truth(trace: Trace) -> Text:
    found = outcomes_of(trace, RUN, "stop")
    if not found:
        return say("it did not return, so it said nothing that is wrong")
    value, alive = found[0].value, not _victim(trace).died < over_at(trace, "stop")
    if value is None or value.shown != str(alive):
        actual = say("it returned {value}", value=value.shown if value else "")
        fail(Text("{truth}", {"truth": str(alive)}), actual, "says-without-looking")
    return say("{truth}, and so it was", truth=str(alive))


# --- import -----------------------------------------------------------------------------------------------------------


@check(
    "import.quiet",
    points=1,
    needs=("start.all",),
    requirement=say("importing the module starts no process"),
)
def import_quiet(trace: Trace) -> Text:
    expected = say("no process is started before a function is called")
    found = record(trace, RUN)
    if found.lives:
        fail(
            expected,
            say("{n} processes were started while the module was imported", n=len(found.lives)),
            "works-at-import",
        )
    if "main" not in arrivals(trace, RUN):
        did_not_come_back(trace, expected)
    return say("nothing was started")
