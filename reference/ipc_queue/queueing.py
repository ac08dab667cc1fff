"""The checks of calculate."""

from __future__ import annotations

import json
from operator import add, mul, sub
from typing import NoReturn

from grader.analysis.children import Call
from grader.analysis.losing import must_not_lose
from grader.analysis.outcomes import outcomes_of, standstill
from grader.analysis.time_outs import ran_out
from grader.checks import Unclear, check, fail
from grader.model import Given, Released, Returned, Scheduled, Step, Text, Told, Trace, Value, say

BOUND = 5
ERRORS = {1: "ZeroDivisionError", 2: "ValueError", 4: "ValueError"}  # place → class
EMPTY = "an empty question"  # the run's name
RIGHT = {0: "2", 3: "4", 5: "2"}


def calls(trace: Trace) -> tuple[Call, ...]:
    """Every call of a case that was made, in order."""
    return tuple(Call(trace, "calculate", told.conn) for told in trace.of(Told))


def answers(call: Call, mistake: str | None = None) -> Value:
    """The list that came back."""
    expected = say("a list of answers")
    value = call.answer(expected, mistake)
    if value.kind != "list":
        fail(expected, say("it returned {value}", value=value.shown), "returns-no-list")
    return value


def _in_order(trace: Trace, stuck: str) -> Text:
    told = trace.of(Told)
    for call, due in zip(calls(trace), told, strict=True):
        got = answers(call, stuck)
        if not same(got, due.value):
            _differ(got, due)
    return say("{n} answers, in the order asked", n=sum(t.value.size for t in told))


def _differ(got: Value, due: Told) -> NoReturn:
    """Long lists by the place from which on they differ."""
    code, pairs = _why(got, due.value), zip(whole(got), whole(due.value), strict=False)
    place = next((i for i, (a, b) in enumerate(pairs) if a != b), None)
    if place is None or got.size != due.value.size:
        expected = say("the answers of {what}: {value}", what=due.conn, value=due.value.shown)
        fail(expected, say("it returned {value}", value=got.shown), code)
    right, wrong = due.value.items[place].shown, got.items[place].shown
    expected = say("the answers of {what}; in place {n}: {value}", what=due.conn, n=place, value=right)
    fail(expected, say("in place {n}: {value}", n=place, value=wrong), code)


def same(got: Value, due: Value) -> bool:
    """The same numbers; 3.0 is 3."""
    if got.same(due):
        return True
    return got.size == due.size and whole(got) == [i.shown for i in due.items]


def whole(value: Value) -> list[str]:
    return [i.shown.removesuffix(".0") for i in value.items]


def _why(got: Value, due: Value) -> str | None:
    as_text = [due.items[i].shown for i in sorted(range(len(due.items)), key=str)]
    if len(due.items) == due.size and whole(got) == as_text:
        return "numbers-as-text"
    if sorted(whole(got)) == sorted(i.shown for i in due.items):
        return "order-of-ending"
    return "answers-missing" if got.size < due.size or any(i.kind == "none" for i in got.items) else None


@check(
    "queue.order",
    points=2,
    needs=("evaluate.values",),
    requirement=say("calculate returns the answers in the order asked, for any number of questions and workers"),
)
def order(trace: Trace) -> Text:
    return _in_order(trace, "stands-still")


@check(
    "queue.schedules",
    points=2,
    needs=("queue.order",),
    requirement=say("the answers come, and in the order asked, whichever process goes on first at whichever line"),
)
def schedules(trace: Trace) -> Text:
    runs = trace.of(Scheduled)
    if not runs:
        raise Unclear(say("no schedule was played"))
    for s in runs:
        if s.how == "unfollowed":
            raise Unclear(say("its processes did things that could not be followed: {reason}", reason=s.reason))
    must_not_lose(trace, runs, lambda s: _must_be_right(trace, s))
    return say("{n} schedules, the right answers each time", n=len(runs))


def _must_be_right(trace: Trace, s: Scheduled) -> None:
    due = _values(trace, s.run)
    expected = say("{value}, in every order of events", value=f"[{', '.join(due)}]")
    over, where = ran_out(trace, s.run) or (None, None)
    if s.how != "ended":
        still = standstill(trace, s.run)
        fail(expected, say("it stood still: {how}", how=still.text), over or "ends-too-early", where or still.where)
    found = outcomes_of(trace, s.run, "calculate")
    if not found or found[0].value is None or whole(found[0].value) != due:
        code = "still-on-its-way" if on_its_way(trace, s.run) else "depends-on-luck"
        fail(expected, found[0].text if found else say("it did not return"), over or code, where)


def on_its_way(trace: Trace, run: str) -> bool:
    """When a queue's thread brought its last item, the main process was no longer at a line that takes one."""
    steps = trace.of(Step, run=run)
    last = max((i for i, s in enumerate(steps) if s.kind == "feed"), default=0)
    lines = [s.where.source for s in steps[:last] if s.task == "main" and s.where]
    return bool(lines) and ".get" not in lines[-1]


def _values(trace: Trace, run: str) -> list[str]:
    """What the expressions of a scheduled run come to: `a+b`, `a-b` or `a*b` of digits."""
    args = trace.first(Given, run=run, name="")
    assert args, "a scheduled run has been given its arguments"
    signs = {"+": add, "-": sub, "*": mul}
    return [str(signs[e[1]](int(e[0]), int(e[2]))) for e in json.loads(args.text)["expressions"]]


@check(
    "queue.workers",
    case="queue.order",
    points=1,
    needs=("queue.order",),
    requirement=say("the work is done by as many processes as there are workers"),
)
def workers(trace: Trace) -> Text:
    call = calls(trace)[-1]
    expected = say("{n} child processes", n=4)
    started = call.record.children
    if not started:
        fail(expected, say("no process was started"), "thread-not-process")
    if len(started) >= call_size(trace):
        fail(expected, say("{n} were started", n=len(started)), "process-for-each")
    if len(started) < 4:
        fail(expected, say("{n} were started", n=len(started)), "workers-ignored")
    here = next((int(o.value.shown) for o in outcomes_of(trace, call.run, "evaluated here") if o.value), 0)
    if here >= call_size(trace):
        fail(expected, say("those did nothing: the main process has worked out all {n} itself", n=here), "workers-idle")
    return say("{n} were started", n=len(started))


def call_size(trace: Trace) -> int:
    """So many expressions there were in the last call."""
    return trace.of(Told)[-1].value.size


@check(
    "queue.bounded",
    case="queue.order",
    points=1,
    needs=("queue.order",),
    requirement=say("the questions go through a queue that holds five"),
)
def bounded(trace: Trace) -> Text:
    sizes = {e.value.shown for call in calls(trace) for e in _made(trace, call)}
    expected = say("a queue that holds {n}", n=BOUND)
    if str(BOUND) not in sizes:
        actual = say("queues that hold {sizes} (0: any number)", sizes=", ".join(sorted(sizes)) or "-")
        fail(expected, actual, "unbounded-queue")
    return say("a queue that holds {n}", n=BOUND)


def _made(trace: Trace, call: Call) -> tuple[Returned, ...]:
    made = {getattr(e, "call", -1) for e in trace.events if getattr(e, "name", "") == "Queue"}
    return tuple(e for e in trace.of(Returned, run=call.run) if e.call in made)


@check(
    "queue.few",
    points=1,
    needs=("queue.order",),
    requirement=say("no expressions at all give [], and one is answered though there are more workers"),
)
def few(trace: Trace) -> Text:
    return _in_order(trace, "hangs-without-questions")


@check(
    "queue.errors",
    points=1,
    needs=("queue.order",),
    requirement=say("an expression that cannot be worked out has the exception object in its place"),
)
def errors(trace: Trace) -> Text:
    call = Call(trace, "calculate")
    expected = say("answers, and exceptions in the places of 1/0 and of what is no expression")
    if call.outcomes and call.outcomes[0].raised:
        fail(expected, call.outcomes[0].text, "raises-instead", call.outcomes[0].where)
    died = any(life.died < float("inf") for life in call.record.children)
    value = call.answer(expected, "dies-of-an-error" if died else "stands-still")
    if value.kind != "list" or value.size != 6:
        fail(expected, say("it returned {value}", value=value.shown), "answers-missing")
    for place, item in enumerate(value.items):
        if place in RIGHT and item.shown.removesuffix(".0") != RIGHT[place]:
            fail(expected, say("it returned {value}", value=value.shown), "order-of-ending")
        if place in ERRORS and f"'{ERRORS[place]}'" not in [i.shown for i in item.items]:
            fail(
                say("{error} in place {n}", error=ERRORS[place], n=place),
                say("it holds {value}", value=item.shown),
                "no-exception",
            )
    expected = say("an exception in the place of an expression that is empty, and the answer of the next one")
    value = Call(trace, "calculate", EMPTY).answer(expected, "falsy-sentinel")
    if whole(value)[1:] != ["4"] or "'ValueError'" not in [i.shown for i in value.items[0].items]:
        fail(expected, say("it returned {value}", value=value.shown), "falsy-sentinel")
    return say("answers and exceptions, each in its place")


@check(
    "queue.big-answers",
    points=1,
    needs=("queue.order",),
    requirement=say("answers that together are larger than a pipe's buffer are no problem"),
)
def big_answers(trace: Trace) -> Text:
    value = Call(trace, "calculate").answer(say("400 answers"), "join-before-get")
    if value.size != 400:
        fail(say("400 answers"), say("it returned {n}", n=value.size), "answers-missing")
    return say("400 answers")


@check(
    "queue.many",
    points=1,
    needs=("queue.order",),
    requirement=say("thousands of expressions are no problem"),
)
def many(trace: Trace) -> Text:
    return _in_order(trace, "stands-still")


@check(
    "queue.clean",
    case="queue.order",
    points=1,
    needs=("queue.order",),
    requirement=say("when the answers are there, no process is left"),
)
def clean(trace: Trace) -> Text:
    for call in calls(trace):
        let_go = trace.first(Released, run=call.run, job="main")
        left = [life.pid for life in call.record.lives if let_go is None or life.died > let_go.at]
        if left:
            expected = say("no process of it is left")
            fail(expected, say("{n} were still there when nothing moved any more", n=len(left)), "workers-left")
    return say("all processes had ended")
