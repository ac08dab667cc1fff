"""The checks of run: the daemon, its heartbeats, its end."""

from __future__ import annotations

from grader.analysis import children
from grader.analysis.children import Call, ending
from grader.analysis.lifecycle import NEVER
from grader.checks import SHOULD, check, fail
from grader.model import Arrived, Released, Text, Trace, say

from .readings import Seen, hearts, raises_too, running, seen

SLACK = 2  # lines more than intervals
SLOW = 10  # intervals without a line, and nobody who computed: no busy machine makes a heart as slow as that


@check(
    "daemon.work",
    case="daemon.run",
    points=1,
    requirement=say("work is called once, in the main process"),
)
def work(trace: Trace) -> Text:
    call, expected = running(trace), say("work is called in the main process")
    seen(call, expected)
    if call.jobs["work"].pid != call.record.root.pid:
        fail(expected, say("it ran in process {pid}", pid=call.jobs["work"].pid), "work-in-child")
    times = sum(e.job == "work" for e in call.trace.of(Arrived))
    if times > 1:
        fail(expected, say("it was called {n} times", n=times), "work-called-again")
    call.answer(expected, "joins-the-daemon")
    return say("work ran in the main process, and run returned")


@check(
    "daemon.flag",
    case="daemon.run",
    points=2,
    needs=("daemon.work",),
    requirement=say("while work runs, a daemon process is there beside it"),
)
def flag(trace: Trace) -> Text:
    return _daemon(running(trace))


def _daemon(call: Call) -> Text:
    expected = say("a child process that was made a daemon before its start")
    found, alive = seen(call, expected), hearts(call)
    if not alive:
        code = "thread-not-process" if found.lines else "nothing-started"
        fail(expected, say("while work was running there was no child process"), code)
    for life in alive:
        if life.parent != call.record.root.pid:
            fail(expected, say("process {pid} is the child of another one", pid=life.pid), "not-direct")
        if not found.children.get(life.pid):
            fail(expected, say("process {pid} is no daemon process", pid=life.pid), "not-daemon")
    return say("process {pid} was a daemon, beside work", pid=children.list_of(life.pid for life in alive))


@check(
    "daemon.beats",
    case="daemon.run",
    points=2,
    needs=("daemon.flag",),
    requirement=say("it appends a whole line `is alive` after every interval, at once and not more often"),
)
def beats(trace: Trace) -> Text:
    return _beats(running(trace))


def _beats(call: Call) -> Text:
    expected = say("lines `is alive`, each with its newline, about as many as intervals have passed")
    found = seen(call, expected)
    if not found.older:
        fail(expected, say("the line that stood in the file before is gone"), "overwrites")
    if found.wrong is not None:
        fail(expected, say("a line reads {line}", line=repr(found.wrong)), "other-text")
    actual = say("{lines} lines after {n} intervals", lines=found.lines, n=round(found.intervals))
    if found.lines < 3:
        fail(expected, actual, _why_few(call, found))
    if found.lines > found.intervals + SLACK:
        fail(expected, actual, "no-interval")
    if not _beating(call):
        actual = say(
            "{lines} lines, and then, while work was running, it {how}", lines=found.lines, how=ending(hearts(call)[0])
        )
        fail(expected, actual, "stops-beating")
    if found.idle > SLOW * (found.lines + 1):
        fail(expected, actual, "too-slow")
    return say("{lines} lines in {n} intervals", lines=found.lines, n=round(found.intervals))


def _why_few(call: Call, found: Seen) -> str:
    if found.rest.startswith("is alive"):
        return "no-newline"
    if not _beating(call):
        return "stops-beating" if found.lines > 1 else "one-line-only"
    if found.lines:
        return "too-slow"
    return "never-flushed" if found.held else "nothing-written"


def _beating(call: Call) -> bool:
    """One of the hearts was there until work was let go."""
    let_go = call.trace.first(Released, job="work")
    return any(life.died > (let_go or call.jobs["work"]).at for life in hearts(call))


@check(
    "daemon.dies",
    case="daemon.run",
    points=2,
    needs=("daemon.beats",),
    requirement=say("when the main process's code ends, so does the daemon, and its parent collects it"),
)
def dies(trace: Trace) -> Text:
    return _gone(running(trace))


def _gone(call: Call) -> Text:
    """Every heart has ended by the end of the program, through its parent or by itself, and was collected."""
    expected = say("the daemon has ended, and was collected, when the program ends")
    root = call.record.root
    if root.died == NEVER:
        fail(expected, call.stands.text, "not-daemon", call.stands.where)
    for life in hearts(call):
        if life.died > root.died:
            fail(expected, say("process {pid} lived on when its parent had ended", pid=life.pid), "orphan")
        if life.reaper != root.pid:
            fail(expected, say("process {pid} was not collected by its parent", pid=life.pid), "orphan")
    return say("process {pid} {how}", pid=hearts(call)[0].pid, how=ending(hearts(call)[0]))


@check(
    "daemon.raises",
    points=0.5,
    severity=SHOULD,
    needs=("daemon.dies",),
    requirement=say("what work raises, run raises, and the daemon is gone all the same"),
)
def raises(trace: Trace) -> Text:
    call = running(trace)
    raises_too(call)
    return _gone(call)


@check(
    "daemon.spawn",
    points=0.5,
    severity=SHOULD,
    needs=("daemon.dies",),
    requirement=say("run works as well where processes are spawned, as on Windows and macOS"),
)
def spawn(trace: Trace) -> Text:
    call = running(trace)
    failed = next((o for o in call.outcomes if o.raised), None)
    if failed:
        code = "unpicklable-target" if "pickle" in str(failed.text) else None
        fail(say("a child process that was made a daemon before its start"), failed.text, code, failed.where)
    return _beats(call)


@check("import.quiet", points=1, needs=("daemon.flag",), requirement=say("importing the module starts no process"))
def import_quiet(trace: Trace) -> Text:
    return children.nothing_at_import(trace)
