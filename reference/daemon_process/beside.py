"""The checks of run_with_sibling and stop."""

from __future__ import annotations

from grader.analysis.children import Call, all_collected, ending
from grader.analysis.lifecycle import NEVER, place
from grader.analysis.stopping import terminated
from grader.checks import SHOULD, check, fail
from grader.model import Released, Text, Trace, say

from .readings import beside, hearts, raises_too, seen

# --- run_with_sibling -------------------------------------------------------------------------------------------------


@check(
    "sibling.runs",
    case="sibling",
    points=1,
    needs=("daemon.dies",),
    requirement=say("run_with_sibling runs sibling in a child process, beside the daemon"),
)
def sibling_runs(trace: Trace) -> Text:
    call, expected = beside(trace), say("a child process that runs sibling, and a daemon beside it")
    found = seen(call, expected)
    if "sibling" not in call.jobs:
        if call.outcomes and call.outcomes[0].raised:
            fail(expected, call.outcomes[0].text, None, call.outcomes[0].where)
        call.answer(expected, "joins-the-daemon")
        fail(expected, say("work was running, and sibling had not been called"), "sibling-not-started")
    if place(call.record, call.jobs["sibling"]) != "child":
        fail(expected, say("sibling was called by the main process itself"), "run-not-start")
    if not any(found.children.get(life.pid) for life in hearts(call)):
        fail(expected, say("while work was running there was no daemon"), "not-daemon")
    return say("sibling ran in process {pid}", pid=call.jobs["sibling"].pid)


@check(
    "sibling.awaited",
    case="sibling",
    points=2,
    needs=("sibling.runs",),
    requirement=say("the program ends only when sibling is done: it is no daemon, and nobody ends it"),
)
def sibling_awaited(trace: Trace) -> Text:
    call, expected = beside(trace), say("sibling ends when it is done, and the program after it")
    life, let_go = call.life("sibling"), trace.first(Released, job="sibling")
    if life.struck or life.signal:
        fail(expected, say("sibling was {how}", how=ending(life)), "sibling-ended")
    if call.record.root.died < life.died:
        fail(expected, say("the program had ended, and sibling was still running"), "orphan")
    if let_go is None or life.died < let_go.at:
        fail(expected, say("sibling was {how}", how=ending(life)), "sibling-ended")
    return say("sibling was done, and the program ended after it")


@check(
    "sibling.daemon-first",
    case="sibling",
    points=1.5,
    needs=("sibling.awaited",),
    requirement=say("the daemon does not outlive the main process's code, whether sibling is done or not"),
)
def sibling_daemon_first(trace: Trace) -> Text:
    call, expected = beside(trace), say("the daemon ends when the main code does")
    if not call.outcomes:
        call.did_not_return(expected, "joins-the-daemon")
    life, left = call.life("sibling"), call.record.left
    if call.record.root.died == NEVER:
        fail(expected, call.stands.text, "joins-the-daemon", call.stands.where)
    for heart in hearts(call):
        late = left < life.died and heart.died > life.died
        if late:
            fail(expected, say("it was still there when sibling ended"), "waits-for-sibling")
        if heart.died > call.record.root.died:
            fail(expected, say("process {pid} lived on when its parent had ended", pid=heart.pid), "orphan")
    when = say("before sibling was done") if left < life.died else say("after the code that waited for sibling")
    return say("the daemon ended with the main code, {when}", when=when)


@check(
    "sibling.raises",
    points=0.5,
    severity=SHOULD,
    needs=("sibling.daemon-first",),
    requirement=say("what work raises, run_with_sibling raises"),
)
def sibling_raises(trace: Trace) -> Text:
    return raises_too(beside(trace))


# --- stop -------------------------------------------------------------------------------------------------------------


def stopped(trace: Trace) -> Call:
    return Call(trace, "stop")


@check(
    "stop.running",
    points=1,
    requirement=say("stop ends a running process by terminate(), which is SIGTERM"),
)
def stop_running(trace: Trace) -> Text:
    call, expected = stopped(trace), say("the process is sent SIGTERM by the one that calls stop, and ends of it")
    if not call.jobs.get("victim"):
        call.did_not_return(expected)
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
    value = stopped(trace).answer(Text("False"))
    if value.shown != "False":
        code = {"True": "alive-before-join", "None": "returns-nothing"}.get(value.shown)
        fail(Text("False"), say("it returned {value}", value=value.shown), code)
    return Text("False")
