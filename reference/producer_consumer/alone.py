"""The checks of producer and consumer, each alone before a queue of ours."""

from __future__ import annotations

from grader.analysis.children import Call
from grader.analysis.outcomes import outcomes_of, standstill
from grader.checks import SHOULD, check, fail
from grader.model import Called, Frame, Raised, Released, Returned, Text, Told, Trace, Value, say

from .readings import key, told

COUNTER = "main counter"


@check(
    "producer.puts",
    points=2,
    requirement=say("producer puts food0, food1, … into the queue, n items in order, and waits while it is full"),
)
def producer_puts(trace: Trace) -> Text:
    due = told(trace, "a").all
    expected = say("{n} items: {first}, {second}, …", n=len(due), first=due[0].shown, second=due[1].shown)
    _must_not_raise(trace, expected)
    if _did_not_wait(trace):
        seen = say("with a queue of ten before it, it had returned before the first item was taken out")
        fail(expected, seen, "does-not-wait")
    taken = next((o.value for o in outcomes_of(trace, "a", "counter")), None)
    if taken is None:
        Call(trace, "producer").did_not_return(expected, "producer-stays")
    assert taken
    got = taken.items[: len(due)]
    if [key(dish) for dish in got] != [key(dish) for dish in due]:
        fail(expected, say("the queue held {value}", value=taken.shown), _why(got, due))
    return say("{n} items came, in order", n=len(due))


def _must_not_raise(trace: Trace, expected: Text) -> None:
    for outcome in outcomes_of(trace, "a", "producer"):
        if outcome.raised:
            full = outcome.raised.error.rpartition(".")[2] == "Full"
            fail(expected, outcome.text, "does-not-wait" if full else None, outcome.where)
    raised = trace.first(Raised, run="a")
    if raised:
        fail(expected, say("it raised {error}: {message}", error=raised.error, message=raised.message[:200]))


def _did_not_wait(trace: Trace) -> bool:
    let_go = trace.first(Released, run="a", job=COUNTER)
    calls = {c.call for c in trace.of(Called, run="a", name="producer")}
    return any(e.call in calls and let_go is not None and e.at < let_go.at for e in trace.of(Returned, run="a"))


def _why(got: tuple[Value, ...], due: tuple[Value, ...]) -> str | None:
    if sorted(map(key, got)) == sorted(map(key, due)):
        return "order-lost"
    if got and key(got[0]) == key(due[1]):
        return "counts-from-one"
    if len(got) < len(due):
        return "items-missing"
    return "strange-item"


@check(
    "consumer.eats",
    points=1,
    requirement=say("consumer calls eaten.append for each item that it takes out of the queue, in order"),
)
def consumer_eats(trace: Trace) -> Text:
    return _eats(trace, None)


@check(
    "consumer.falsy",
    points=1,
    severity=SHOULD,
    needs=("consumer.eats",),
    requirement=say("items that count as false ('', 0, False) are eaten like any other, and do not end the consumer"),
)
def consumer_falsy(trace: Trace) -> Text:
    return _eats(trace, "falsy-sentinel")


def _eats(trace: Trace, likely: str | None) -> Text:
    due = trace.of(Told)[0].value.items
    eaten = [c.args[0] for c in trace.of(Called, run="a", name="append") if c.args]
    for i, dish in enumerate(due):
        expected = say("item {n} of {all}, {value}, is appended to eaten", n=i + 1, all=len(due), value=dish.shown)
        if i >= len(eaten):
            _stopped(trace, expected, likely)
        if key(eaten[i]) != key(dish):
            skipped = any(key(eaten[i]) == key(later) for later in due[i + 1 :])
            code = (likely or "throws-away") if skipped else "strange-item"
            fail(expected, say("{value} was appended", value=eaten[i].shown), code)
    return say("{n} items were eaten, in order", n=len(due))


def _stopped(trace: Trace, expected: Text, likely: str | None) -> None:
    where: Frame | None = None
    for outcome in outcomes_of(trace, "a", "consumer"):
        if outcome.raised:
            fail(expected, outcome.text, None, outcome.where)
        early = "ends-too-early" if trace.first(Called, run="a", name="append") else "appends-nothing"
        fail(expected, say("it had returned before"), likely or early, where)
    raised = trace.first(Raised, run="a")
    if raised:
        fail(expected, say("it raised {error}: {message}", error=raised.error, message=raised.message[:200]))
    still = standstill(trace, "a")
    fail(expected, still.text, None, still.where)
