"""How the checks of `producer_consumer` read a trace: what was ordered, and what lay on the plates in the end.

Items are compared by their digests, so that they may be of any length.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.analysis.children import literal
from grader.checks import fail
from grader.model import Given, Text, Told, Trace, Value, say
from grader.wire.payload import value_of

Plates = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Order:
    """dishes: what is due of each producer, in order. consumers: their names."""

    dishes: tuple[tuple[Value, ...], ...]
    consumers: tuple[str, ...]

    @property
    def all(self) -> tuple[Value, ...]:
        return tuple(dish for one in self.dishes for dish in one)

    @property
    def text(self) -> Text:
        return say("{n} items, each on one plate, once", n=len(self.all))


def told(trace: Trace, run: str) -> Order:
    """The order of a plain run."""
    told = trace.first(Told, conn=run)
    assert told, "the script says what is due before a run"
    dishes, consumers = told.value.items
    return Order(tuple(one.items for one in dishes.items), tuple(str(literal(name)) for name in consumers.items))


def given(trace: Trace, run: str) -> Order:
    """The order of a scheduled run."""
    args = trace.first(Given, run=run, name="")
    assert args, "a scheduled run has been given its arguments"
    found = json.loads(args.text)
    dishes = (tuple(value_of(f"{food}{i}") for i in range(found["n"])) for food in found["producers"].values())
    return Order(tuple(dishes), tuple(found["consumers"]))


def plates(value: Value, order: Order) -> Plates:
    """What run returned; FAIL where that is no dict of lists with the names of the consumers."""
    expected = say("a dict: name of the consumer → list of what it ate")
    if value.kind != "list" or not value.items or value.items[0].shown != "'dict'":
        fail(expected, say("it returned {value}", value=value.shown), "returns-no-dict")
    found = {str(literal(plate.items[0])): plate.items[1:] for plate in value.items[1:]}
    strange = next((plate for plate in found.values() if literal(plate[0]) not in ("list", "tuple")), None)
    if strange:
        fail(expected, say("a plate is {value}", value=strange[1].shown), "returns-no-lists")
    if set(found) != set(order.consumers):
        due, names = (", ".join(sorted(some)) or "-" for some in (order.consumers, found))
        fail(say("the names {names}", names=due), say("the names {names}", names=names), "wrong-names")
    return {name: plate[1:] for name, plate in found.items()}


def key(dish: Value) -> tuple[str, str, str]:
    """Equal for equal items; of those without a digest, what they look like."""
    return dish.kind, dish.digest, "" if dish.digest else dish.shown


@dataclass(frozen=True, slots=True)
class Count:
    """What is wrong with the plates of a run."""

    missing: tuple[Value, ...]
    twice: tuple[Value, ...]
    strange: tuple[Value, ...]  # nobody has made it
    eaten: int


def counted(eaten: Plates, order: Order) -> Count:
    dishes = [dish for plate in eaten.values() for dish in plate]
    seen, due = Counter(map(key, dishes)), {key(dish) for dish in order.all}
    return Count(
        tuple(dish for dish in order.all if not seen[key(dish)]),
        tuple(dish for dish in order.all if seen[key(dish)] > 1),
        tuple(dish for dish in dishes if key(dish) not in due),
        len(dishes),
    )


def must_be_whole(eaten: Plates, order: Order, missing: str | None) -> None:
    """FAIL where an item lies on no plate or on two, or something else on one. missing: the mistake where one lacks."""
    found = counted(eaten, order)
    if found.strange:
        none = all(dish.kind == "none" for dish in found.strange)
        actual = say("a consumer ate {value}", value=found.strange[0].shown)
        fail(order.text, actual, "sentinel-eaten" if none else "strange-item")
    if found.twice:
        fail(order.text, say("{value} was eaten twice", value=found.twice[0].shown), "eaten-twice")
    if found.missing:
        code = "list-not-shared" if not found.eaten else missing
        actual = say("{n} of them were eaten by nobody: {value} …", n=len(found.missing), value=found.missing[0].shown)
        fail(order.text, actual, code)


def must_be_in_order(eaten: Plates, order: Order) -> None:
    """FAIL where a consumer ate a later item of a producer before an earlier one."""
    places = {key(dish): (p, i) for p, one in enumerate(order.dishes) for i, dish in enumerate(one)}
    for name, plate in eaten.items():
        for before, after in _pairs([places[key(dish)] for dish in plate]):
            if before > after:
                values = [order.dishes[before[0]][i].shown for i in (before[1], after[1])]
                expected = say("{later} after {earlier}", later=values[0], earlier=values[1])
                fail(expected, say("{name} ate {later} first", name=name, later=values[0]), "order-lost")


def _pairs(places: list[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Each place, and the one of the same producer that came right before it."""
    last: dict[int, tuple[int, int]] = {}
    for place in places:
        if place[0] in last:
            yield last[place[0]], place
        last[place[0]] = place
