"""The checks of bump, of stop, and of what the module does at import."""

from __future__ import annotations

from grader.analysis.children import (
    Call,
    all_collected,
    all_ended,
    at_import,
    ending,
    literal,
    no_child_raised,
    nothing_at_import,
)
from grader.analysis.stopping import killed, terminated
from grader.checks import SHOULD, check, fail
from grader.model import Arrived, Marked, Measured, Text, Trace, say

IMPORTABLE = say("a spawned process can import the module")
WAITS_FIRST = "stop waits, and has sent nothing"  # label of a mark: and nothing else went on


def bumped(trace: Trace) -> Call:
    return Call(trace, "bump")


def stopped(trace: Trace) -> Call:
    return Call(trace, "stop")


@check(
    "isolation.values",
    points=1,
    requirement=say("bump returns two values: the parent's is unchanged, the child has seen one more"),
)
def isolation_values(trace: Trace) -> Text:
    return _values(trace)


def _values(trace: Trace) -> Text:
    before = _before(trace)
    truth = (before, before + 1)
    expected = say("{values} for the box [{before}]", values=repr(truth), before=before)
    if not bumped(trace).outcomes:
        no_child_raised(bumped(trace), expected)
    got = bumped(trace).answer(expected)
    value = literal(got)
    if value != truth:
        fail(expected, say("it returned {value}", value=got.shown), _why_values(trace, value, truth))
    return say("{values}: each process has a memory of its own", values=repr(truth))


def _why_values(trace: Trace, value: object, truth: tuple[int, int]) -> str | None:
    if value == (truth[1], truth[1]):
        return "changed-in-parent" if bumped(trace).record.lives else "thread-not-process"
    if value == (truth[0], truth[0]):
        return "value-not-brought-back"
    if value == list(truth):
        return "no-tuple"
    return "order-swapped" if value == truth[::-1] else None


@check(
    "isolation.child",
    points=1,
    needs=("isolation.values",),
    requirement=say("it is a child process that adds 1 to the box"),
)
def isolation_child(trace: Trace) -> Text:
    call, expected = bumped(trace), say("a child process adds 1 to the box, and tells what it sees there")
    if not call.outcomes:
        call.did_not_return(expected)
    children = {life.pid for life in call.record.children}
    users = {e.pid for e in trace.of(Arrived, run=call.run, job="box")} & children
    if not children:
        fail(expected, say("no process was started"), "value-faked")
    if not users:
        fail(expected, say("{n} was started, and it never touched the box", n=len(children)), "value-faked")
    before = _before(trace)
    if literal(call.outcomes[0].value) == (before, before + 1):  # it may raise: then it has looked at what came back
        actual = say("it returned {value}, but the child's box held another number", value=repr((before, before + 1)))
        fail(expected, actual, "value-faked")
    return say("the box was used in process {pid}", pid=min(users))


def _before(trace: Trace) -> int:
    box = trace.first(Measured, what="box")
    return int(box.value) if box else 0


@check(
    "isolation.reaped",
    case="isolation.values",
    points=1,
    needs=("isolation.values",),
    requirement=say("the child of bump has ended and has been joined when bump returns"),
)
def isolation_reaped(trace: Trace) -> Text:
    call, expected = bumped(trace), say("when bump returns, its child has ended and was joined")
    call.answer(expected)
    all_ended(call, expected, "never-joined")
    return all_collected(call, "never-joined")


@check(
    "isolation.spawn",
    points=0.5,
    severity=SHOULD,
    needs=("isolation.child",),
    requirement=say("bump works as well where processes are spawned, as on Windows and macOS"),
)
def isolation_spawn(trace: Trace) -> Text:
    call = bumped(trace)
    raised = next((o for o in call.outcomes if o.raised and "pickle" in str(o.text)), None)
    if raised:
        expected = say("what the child is given can be sent to another process")
        fail(expected, raised.text, "unpicklable-target", raised.where)
    if not call.outcomes and at_import(trace):
        fail(IMPORTABLE, say("it starts processes when it is imported"), "starts-at-import")
    if not call.outcomes and call.stands.quiet and not any(life.code for life in call.record.children):
        expected = say("the child's value comes back, also from a process that was spawned")
        fail(expected, call.stands.text, "global-in-child", call.stands.where)
    return _values(trace)


# --- stop -----------------------------------------------------------------------------------------------------------


@check(
    "stop.running",
    points=1,
    requirement=say("stop ends a running process by terminate(), which is SIGTERM"),
)
def stop_running(trace: Trace) -> Text:
    call, expected = stopped(trace), say("the process is sent SIGTERM by the one that calls stop, and ends of it")
    if not call.jobs.get("victim"):
        call.did_not_return(expected)
    if trace.first(Marked, label=WAITS_FIRST):
        fail(expected, say("it waits for its end, and has sent it nothing yet"), "waits-first")
    life = call.life("victim")
    call.answer(expected, None if life.struck else "never-terminated")
    return terminated(call, life, expected)


@check(
    "stop.joined",
    case="stop.running",
    points=1,
    needs=("stop.running",),
    requirement=say("stop waits until the process has ended and joins it: no zombie is left"),
)
def stop_joined(trace: Trace) -> Text:
    call, expected = stopped(trace), say("when stop returns, the process has ended and was joined")
    if not call.life("victim").died < call.over:
        fail(expected, say("it was still running"), "alive-before-join")
    return all_collected(call)


@check(
    "stop.answer",
    case="stop.running",
    points=1,
    needs=("stop.running",),
    requirement=say("stop returns is_alive() as it is after the end: False"),
)
def stop_answer(trace: Trace) -> Text:
    return _false(stopped(trace))


def _false(call: Call) -> Text:
    value = call.answer(Text("False"))
    if value.shown != "False":
        code = {"True": _why_true(call), "None": "returns-nothing"}.get(value.shown)
        fail(Text("False"), say("it returned {value}", value=value.shown), code)
    return Text("False")


def _why_true(call: Call) -> str:
    return "says-without-looking" if call.life("victim").died < call.over else "alive-before-join"


@check(
    "stop.others",
    case="stop.running",
    points=0.5,
    needs=("stop.running",),
    requirement=say("stop leaves all other processes alone"),
)
def stop_others(trace: Trace) -> Text:
    call = stopped(trace)
    other = call.life("other")
    if other.struck or other.died < call.over:
        actual = say("another process was {how}", how=ending(other))
        fail(say("another process runs on, untouched"), actual, "stops-everyone")
    return say("another process was not touched")


@check(
    "stop.ended",
    points=0.5,
    needs=("stop.answer",),
    requirement=say("stop of a process that has ended before returns False"),
)
def stop_ended(trace: Trace) -> Text:
    call = stopped(trace)
    if call.outcomes and call.outcomes[0].raised:
        fail(Text("False"), call.outcomes[0].text, "ended-is-no-error", call.outcomes[0].where)
    return _false(call)


@check(
    "stop.stubborn",
    points=1,
    severity=SHOULD,
    needs=("stop.joined",),
    requirement=say("a process that ignores SIGTERM is killed within 5 seconds"),
)
def stop_stubborn(trace: Trace) -> Text:
    return killed(stopped(trace), "victim")


@check(
    "stop.truth",
    case="stop.stubborn",
    points=0.5,
    needs=("stop.joined",),
    requirement=say("what stop returns is true, also of a process that ignores SIGTERM"),
)
def stop_truth(trace: Trace) -> Text:
    call = stopped(trace)
    if not call.outcomes:
        return say("it did not return, so it said nothing that is wrong")
    life = call.life("victim")
    truth = Text("{truth}", {"truth": str(not life.died < call.over)})
    value = call.answer(truth)
    dying = any(k.signal == "SIGKILL" and k.at < call.over for k in life.struck)
    if dying and not life.reaped < call.over and value.shown in ("True", "False"):
        return say("it was being killed, and nobody had waited for it: neither answer is false")
    if value.shown != str(truth):
        fail(truth, say("it returned {value}", value=value.shown), "says-without-looking")
    return say("{truth}, and so it was", truth=truth)


# --- import -----------------------------------------------------------------------------------------------------------


@check(
    "import.quiet",
    points=1,
    needs=("start.all",),
    requirement=say("importing the module starts no process"),
)
def import_quiet(trace: Trace) -> Text:
    return nothing_at_import(trace)
