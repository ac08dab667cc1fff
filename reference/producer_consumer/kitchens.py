"""The checks of run in plain runs, where the kernel decides who goes on and a recorder sees every process."""

from __future__ import annotations

from collections.abc import Iterator

from grader.analysis.children import Call, all_collected, literal, nothing_at_import
from grader.analysis.lifecycle import Life
from grader.analysis.outcomes import outcomes_of
from grader.checks import SHOULD, Unclear, check, fail
from grader.model import Arrived, Called, Marked, Released, Returned, Text, Told, Trace, say

from .readings import Order, Plates, counted, must_be_in_order, must_be_whole, plates, told

BOUND = 10
PUT_BACK = 1


def calls(trace: Trace) -> Iterator[tuple[Call, Order]]:
    """Every call of a case that was made, in order."""
    for e in trace.of(Told):
        yield Call(trace, "run", e.conn), told(trace, e.conn)


def served(call: Call, order: Order, stuck: str | None = None) -> Plates:
    """What a call returned."""
    value = call.answer(say("run comes to its end: {what}", what=call.run), stuck or why_stuck(call, order))
    return plates(value, order)


def own(call: Call) -> tuple[Life, ...]:
    """The processes that a call started, without those that multiprocessing starts for a Manager."""
    named = {c.call for c in call.whole.of(Called, run=call.run, name="Manager")}
    servers = {literal(e.value) for e in call.whole.of(Returned, run=call.run) if e.call in named}
    return tuple(life for life in call.record.lives if life.pid not in servers)


def why_stuck(call: Call, order: Order) -> str | None:
    """The mistake of a call that does not come back: who is still there, and who was never there?"""
    if call.outcomes:
        return None
    p, c = len(order.dishes), len(order.consumers)
    started = own(call)
    alive = sum(life.died == float("inf") for life in started)
    if len(started) <= p and alive:
        return "consumers-too-late"
    if len(started) - alive < p:
        return "stands-still"
    if alive == c:
        return "end-never-said"
    return "sentinel-too-few" if alive else "waits-for-nobody"


@check(
    "kitchen.end",
    case="kitchen.runs",
    points=2.5,
    needs=("kitchen.once",),
    requirement=say("for any number of producers, consumers and items, run ends and every item has been eaten once"),
)
def kitchen_end(trace: Trace) -> Text:
    return _eaten(trace)


def _eaten(trace: Trace, stuck: str | None = None) -> Text:
    n = 0
    for call, order in calls(trace):
        must_be_whole(served(call, order, stuck), order, "items-missing")
        n += len(order.all)
    return say("{n} items, and each was eaten once", n=n)


@check(
    "kitchen.order",
    case="kitchen.runs",
    points=1,
    needs=("kitchen.end",),
    requirement=say("each consumer's list has the items of one producer in the order in which they were made"),
)
def kitchen_order(trace: Trace) -> Text:
    for call, order in calls(trace):
        must_be_in_order(served(call, order), order)
    return say("on every plate the items of each producer lay in order")


@check(
    "kitchen.processes",
    case="kitchen.runs",
    points=1,
    needs=("kitchen.end",),
    requirement=say("each producer and each consumer is a process of its own"),
)
def kitchen_processes(trace: Trace) -> Text:
    for call, order in calls(trace):
        wanted, started = len(order.dishes) + len(order.consumers), len(own(call))
        expected = say("{n} child processes", n=wanted)
        if not started:
            fail(expected, say("no process was started"), "thread-not-process")
        if started < wanted:
            fail(expected, say("{n} were started", n=started), "too-few-processes")
        made = [e.pid for e in call.whole.of(Arrived, run=call.run) if e.job == "part"]
        if len(made) >= len(order.all) and set(made) == {call.record.root.pid}:
            fail(
                expected,
                say("those did nothing: the main process made all {n} items itself", n=len(order.all)),
                "too-few-processes",
            )
    return say("there were as many processes as producers and consumers")


@check(
    "kitchen.joined",
    case="kitchen.runs",
    points=1.5,
    needs=("kitchen.end",),
    requirement=say("when run returns, its processes have ended and were joined; only daemons may remain"),
)
def kitchen_joined(trace: Trace) -> Text:
    expected = say("when it returns, no child is left, and no zombie")
    for call, _ in calls(trace):
        left = [life for life in own(call) if life.alive(call.over) and not dies_as_daemon(call, life)]
        if left:
            fail(expected, say("{n} processes were still there", n=len(left)), "never-joined")
        all_collected(call, "never-joined")
    return say("no process was left, but for daemons that ended with the main process")


def dies_as_daemon(call: Call, life: Life) -> bool:
    """It waited until the main code was over, and was then terminated by multiprocessing, as a daemon is."""
    root, let_go = call.record.root.pid, call.trace.first(Released, run=call.run, job="main")
    struck = any(k.by == root and k.signal == "SIGTERM" for k in life.struck)
    return bool(let_go and life.died > let_go.at and struck and life.signal == "SIGTERM")


@check(
    "kitchen.empty",
    points=1,
    needs=("kitchen.end",),
    requirement=say("where nothing is cooked, everybody goes home, with empty plates"),
)
def kitchen_empty(trace: Trace) -> Text:
    _eaten(trace, "hangs-when-empty")
    return say("with no items and with no producers, it came to its end")


@check(
    "kitchen.big",
    points=1,
    needs=("kitchen.end",),
    requirement=say("what a consumer ate may be more than a pipe holds"),
)
def kitchen_big(trace: Trace) -> Text:
    return _eaten(trace, "join-before-get")


@check(
    "kitchen.producer-dies",
    points=1,
    severity=SHOULD,
    needs=("kitchen.end",),
    requirement=say("when a producer raises, run still ends: with an exception, or with the others' items all eaten"),
)
def kitchen_producer_dies(trace: Trace) -> Text:
    *_, (call, order) = calls(trace)
    expected = say("run ends, though one of its producers has failed")
    raised = next((o for o in call.outcomes if o.raised), None)
    if raised:
        return raised.text
    eaten = plates(call.answer(expected, "waits-for-the-dead"), order)
    found = counted(eaten, order)
    if not {d.shown for d in found.missing} & {d.shown for d in order.dishes[0]}:
        raise Unclear(say("the producer did not fail"))
    lost = [dish for dish in found.missing if dish in order.dishes[1]]
    if lost:
        actual = say("{n} of the other producer's items were eaten by nobody", n=len(lost))
        fail(say("the other producer's items are all eaten"), actual, "items-missing")
    return say("one producer failed, and what the other one made was eaten")


@check(
    "kitchen.left-over",
    case="kitchen.runs",
    points=0.5,
    severity=SHOULD,
    needs=("kitchen.end",),
    requirement=say(
        "at the end the queue is empty, but for one sign of the end that was put back for the next consumer"
    ),
)
def kitchen_left_over(trace: Trace) -> Text:
    expected = say("nothing is left in the queue")
    for call, _ in calls(trace):
        left = next((o.value for o in outcomes_of(call.trace, call.run, "left") if o.value), None)
        most = max((n for n in literal(left) or () if isinstance(n, int)), default=0)
        if most > PUT_BACK:
            fail(expected, say("{n} things were left", n=most), "sentinel-too-many")
    return say("nothing was left in the queue that somebody would have had to take")


# --- the queue -----------------------------------------------------------------------------------------------------


@check(
    "kitchen.bounded",
    points=1.5,
    needs=("kitchen.end",),
    requirement=say("the queue holds ten: while nobody eats, the producers wait"),
)
def kitchen_bounded(trace: Trace) -> Text:
    (call, order), *_ = calls(trace)
    expected, all_of_it = say("a queue that holds {n}", n=BOUND), len(order.all)
    sizes, (made, held, over) = sizes_of(call), cooked(call)
    shown = say("queues that hold {sizes} (0: any number)", sizes=", ".join(map(str, sorted(sizes))) or "-")
    if over:
        actual = say("while nobody ate, a producer put {n} items and went home", n=all_of_it)
        fail(expected, actual, "unbounded-queue")
    if BOUND in sizes:
        return expected
    if sizes - {0} and made not in (BOUND, BOUND + 1):
        fail(expected, shown, "not-ten")
    if 0 in sizes and (made >= all_of_it or not held):
        fail(expected, shown, "unbounded-queue")
    if not held:
        raise Unclear(say("no consumer could be held"))
    if made < BOUND:
        fail(expected, say("while nobody ate, {n} items were made", n=made), "not-ten")
    return say("while nobody ate, the producer waited, and had not put its {n} items", n=all_of_it)


def sizes_of(call: Call) -> set[int]:
    """How many items the queues hold that run has made; 0: any number."""
    named = {c.call for c in call.trace.of(Called, run=call.run, name="Queue")}
    found = (literal(e.value) for e in call.trace.of(Returned, run=call.run) if e.call in named)
    return {n for n in found if isinstance(n, int)}


def cooked(call: Call) -> tuple[int, bool, bool]:
    """Of the time in which no consumer might eat: how many items were made, whether a consumer was held at all, and
    whether a producer had done all its work meanwhile."""
    rest = call.whole.first(Marked, label="at rest")
    early = [e.job for e in call.whole.of(Arrived, run=call.run) if rest and e.at < rest.at]
    held = "consumer" in early
    return early.count("part"), held, held and "producer is over" in early


@check(
    "import.quiet",
    points=0.5,
    needs=("kitchen.end",),
    requirement=say("the module starts no process when it is imported"),
)
def import_quiet(trace: Trace) -> Text:
    return nothing_at_import(trace)
