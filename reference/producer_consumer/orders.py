"""The checks of run under controlled schedules: whichever process goes on first at whichever line."""

from __future__ import annotations

from collections.abc import Sequence

from grader.analysis.dialogue import last_words
from grader.analysis.losing import must_not_lose
from grader.analysis.outcomes import outcomes_of
from grader.analysis.time_outs import ran_out
from grader.checks import SHOULD, Unclear, Violation, check, fail
from grader.model import Frame, Scheduled, Standing, Step, Text, Trace, say

from .readings import Plates, given, must_be_in_order, must_be_whole, plates

ASKS = (".empty()", ".qsize()", ".full()", "get_nowait", "block=False", "get(False")
ENDS = (".terminate()", ".kill()")


def followed(trace: Trace) -> tuple[Scheduled, ...]:
    """The runs of a case; Unclear where one was not followed."""
    runs = trace.of(Scheduled)
    if not runs:
        raise Unclear(say("no schedule was played"))
    for s in runs:
        if s.how == "unfollowed":
            raise Unclear(say("its processes did things that could not be followed: {reason}", reason=s.reason))
    return runs


@check(
    "kitchen.once",
    case="kitchen.schedules",
    points=4,
    needs=("producer.puts", "consumer.eats"),
    requirement=say("run ends and every item has been eaten once, whichever process goes on first at whichever line"),
)
def once(trace: Trace) -> Text:
    must_not_lose(trace, trace.of(Scheduled), lambda s: _must_end_well(trace, s))
    return say("in each of {n} schedules every item was eaten once", n=len(followed(trace)))


def _must_end_well(trace: Trace, s: Scheduled) -> None:
    if s.how == "deadlock":
        code, where, seen = why_stuck(trace, s.run)
        fail(say("every process comes to its end"), seen, code, where)
    if s.how in ("endless", "slow"):
        fail(say("every process comes to its end"), say("it was still going on after {n} steps", n=s.steps))
    if s.how == "ended":
        _must_be_right(trace, s.run)


def _must_be_right(trace: Trace, run: str) -> None:
    order, eaten = given(trace, run), on_plates(trace, run)
    try:
        must_be_whole(eaten, order, "depends-on-luck")
        must_be_in_order(eaten, order)
    except Violation as v:
        if v.mistake not in ("depends-on-luck", "list-not-shared"):
            raise
        code, where = why_lost(trace, run, v.mistake)
        died = last_words(trace, run, ("kitchen.py",))
        if died.error and not ran_out(trace, run):
            actual = say("{got}; a process ended with {error}", got=v.actual, error=died.error)
            fail(v.expected, actual, "dies-on-the-way", died.where or None)
        fail(v.expected, v.actual, code, where)


def why_stuck(trace: Trace, run: str) -> tuple[str | None, Frame | None, Text]:
    """(mistake, place, what is seen) of a deadlock."""
    standing = [s.where for s in trace.of(Standing, run=run) if s.where and s.task != "main"]
    eating = [where for where in standing if where.function == "consumer"]
    places = eating or standing or [s.where for s in trace.of(Standing, run=run) if s.where]
    seen = say("{n} processes wait for something that will never come", n=len(standing))
    if over := ran_out(trace, run):
        return *over, seen
    if eating and len(eating) == len(standing):
        few = len(eating) < len(given(trace, run).consumers)
        seen = say("{n} consumers wait for an item that will never come", n=len(eating))
        return "sentinel-too-few" if few else "end-never-said", places[-1], seen
    return "stands-still", places[-1] if places else None, seen


def on_plates(trace: Trace, run: str) -> Plates:
    outcomes = outcomes_of(trace, run, "run")
    expected = say("run returns what each consumer ate")
    if not outcomes:
        raise Unclear(say("run has not returned"))
    if outcomes[0].value is None:
        fail(expected, outcomes[0].text, None, outcomes[0].where)
    return plates(outcomes[0].value, given(trace, run))


def why_lost(trace: Trace, run: str, likely: str) -> tuple[str, Frame | None]:
    """(mistake, place) of a run that lost an item: who had gone before whom? Only one told in full says so much."""
    if over := ran_out(trace, run):
        return over
    steps = trace.of(Step, run=run)
    eating = [(s.task, s.where) for s in steps if s.where and s.where.function == "consumer"]
    if not eating:
        return "depends-on-luck", None
    where, lines = eating[-1][1], [line for _, line in eating]
    appends = [line for line in lines if ".append(" in line.source]
    if likely == "list-not-shared" and len(appends) >= len(given(trace, run).all):
        return likely, appends[-1]
    asking = [line for line in lines if any(word in line.source for word in ASKS)]
    if asking:
        return "empty-is-no-end", asking[-1]
    done = [line for line in lines if "task_done" in line.source]
    if done and appends and done[0].line < appends[0].line:
        return "task-done-early", done[0]
    ending = [s.where for s in steps if s.where and any(word in s.where.source for word in ENDS)]
    if ending:
        return "terminated-too-early", ending[0]
    back = next((s for s in steps if s.task == "main" and at_the_end(s)), None)
    if back and {task for task, _ in eating} & {*back.ready, *back.blocked}:
        return "nobody-waited", where
    if len(appends) >= len(given(trace, run).all):
        return "plates-lost", where
    return "still-on-its-way" if on_its_way(steps) else "sentinel-early", where


def on_its_way(steps: Sequence[Step]) -> bool:
    """All producers had put what they made before the first consumer went; but queues' threads took their time."""
    put, went = ({s.task: i for i, s in enumerate(steps) if function_of(s) == f} for f in ("producer", "consumer"))
    return any(s.kind == "feed" for s in steps) and max(put.values(), default=0) < min(went.values(), default=0)


def function_of(step: Step) -> str:
    return step.where.function if step.where else ""


def at_the_end(step: Step) -> bool:
    """The driver's own point: run has returned."""
    return step.kind == "sleep" and step.where is not None and not step.where.line


@check(
    "kitchen.together",
    points=0.5,
    severity=SHOULD,
    needs=("kitchen.once",),
    requirement=say("all producers and consumers are there at the same time"),
)
def together(trace: Trace) -> Text:
    (s,) = followed(trace)
    if s.how != "ended":
        raise Unclear(say("run has not returned"))
    order, steps = given(trace, s.run), trace.of(Step, run=s.run)
    tasks = {x.task for x in steps if x.kind == "step"} - {"main"}
    wanted = len(order.dishes) + len(order.consumers)
    most = max((len(tasks & {x.task, *x.ready, *x.blocked}) for x in steps), default=0)
    if most < wanted:
        actual = say("never more than {n} of them were there at the same time", n=most)
        fail(say("{n} processes, all there at the same time", n=wanted), actual, "one-after-another")
    return say("{n} processes were there at the same time", n=most)
