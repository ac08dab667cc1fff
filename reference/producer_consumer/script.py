"""What our side does in `producer_consumer`: gives the orders, and knows which items must come out of the kitchen.

Chapter section 1.4.12. What is a matter of amount (more items than the queue holds, many consumers, large results) is
played in plain runs under the recorder, where the kernel alone decides who goes on; what must hold in every order of
events, under controlled schedules. Nobody waits for luck in either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.instrument import Stage, case
from grader.instrument.exploring import Explorer, Played, Situation
from grader.model import Returned, Told, Value
from grader.schedule.strategies import Favour
from grader.wire.payload import value_of
from reference.peers.crew import Crew

BOUND = 10
FOODS = ("bun", "tea", "egg", "rice", "soup")
FALSY: tuple[Any, ...] = ("", 0, False, 0.0, [], "bun0")
MANY = 24  # items: more than a queue of ten takes, also where each is made into a text twice
SLOW = 0.8  # seconds of the schedule's own time for an item: all of them together do not use up a guard of ten
GOOD = 3  # items, until a producer fails


def cooks(count: int) -> dict[str, str]:
    return {f"cook {food}": food for food in FOODS[:count]}


def guests(count: int) -> list[str]:
    return [f"guest {i}" for i in range(1, count + 1)]


def items(food: str, n: int) -> list[str]:
    return [f"{food}{i}" for i in range(n)]


def due(stage: Stage, run: str, producers: Mapping[str, str], consumers: Sequence[str], n: int) -> None:
    """Puts into the trace what a run has to do: a list of items for each producer, and the names of the consumers."""
    dishes = [items(food, n) for food in producers.values()]
    stage.record(Told(stage.now(), run, value_of([dishes, list(consumers)])))


# --- the two functions alone ---------------------------------------------------------------------------------------


@case("producer.puts")
def producer_puts(stage: Stage) -> None:
    """More than the queue holds: our side takes something out only when the producer waits for it, or has gone."""
    food, n = FOODS[0], 13
    due(stage, "a", {"cook": food}, [], n)
    crew = Crew(stage)
    crew.start("cook", food=food, n=n, size=BOUND)
    crew.rest("main counter")
    crew.release("main counter")
    crew.look()
    crew.close()


@case("consumer.eats")
def consumer_eats(stage: Stage) -> None:
    eat(stage, items(FOODS[0], 2) + items(FOODS[1], 2) + [FOODS[2]])


@case("consumer.falsy")
def consumer_falsy(stage: Stage) -> None:
    eat(stage, FALSY)


def eat(stage: Stage, dishes: Sequence[Any]) -> None:
    stage.record(Told(stage.now(), "a", value_of(list(dishes))))
    run = stage.start("eat", {"items": list(dishes)}, name="a")
    run.wait_outcomes(len(dishes))
    run.stop()


# --- plain runs ----------------------------------------------------------------------------------------------------


def kitchen(
    stage: Stage, name: str, entry: str, producers: dict[str, str], consumers: list[str], n: int, **more: Any
) -> Crew:
    due(stage, name, producers, consumers, n)
    crew = Crew(stage, run=name)
    crew.start(entry, producers=producers, consumers=consumers, n=n, **more)
    return crew


def open_kitchens(
    stage: Stage,
    *sizes: tuple[int, int, int],
    foods: Mapping[str, str] | None = None,
    entry: str = "run",
    **more: Any,
) -> bool:
    """(producers, consumers, n), one after another, until one does not come back: then False."""
    for p, c, n in sizes:
        name = f"{p} producers, {c} consumers, {n} items each"
        crew = kitchen(stage, name, entry, dict(foods or cooks(p)), guests(c), n, **more)
        crew.rest("main")  # whoever was going to end has ended
        over = crew.look()
        crew.close()
        if not over:
            return False
    return True


@case("kitchen.runs")
def kitchen_runs(stage: Stage) -> None:
    """In the first of them the food says in which process each item is made."""
    if open_kitchens(stage, (1, 1, 11), entry="spoiled", good=None):
        open_kitchens(stage, (3, 3, 11), (1, 7, 2), (3, 1, 2))


@case("kitchen.empty")
def kitchen_empty(stage: Stage) -> None:
    open_kitchens(stage, (2, 2, 0), (0, 2, 3))


@case("kitchen.big")
def kitchen_big(stage: Stage) -> None:
    """What a consumer eats is more than a pipe holds; what ten items have in them is less."""
    food = "".join(stage.rng.choices("abcdefgh", k=2000))
    open_kitchens(stage, (1, 1, 50), foods={"cook": food})


@case("kitchen.producer-dies")
def kitchen_producer_dies(stage: Stage) -> None:
    """The first producer's food is spoiled after some items; from the start, where that has made nobody fail."""
    for name, good in (("a", GOOD), ("b", 0)):
        crew = kitchen(stage, name, "spoiled", cooks(2), guests(2), 6, good=good)
        crew.rest("main")
        over = crew.look()
        crew.close()
        if not over or sum(m.name == "part" for m in crew.members) >= GOOD:
            return


@case("kitchen.bounded")
def kitchen_bounded(stage: Stage) -> None:
    """The consumers are held at their door while the producer goes on as long as it can."""
    crew = kitchen(stage, "a", "held", cooks(1), guests(1), MANY)
    if crew.rest("producer", "consumer", "main"):
        crew.release("producer")
        crew.rest("producer", "consumer", "main")
        stage.mark("at rest")
        crew.release("consumer")
    crew.rest("main")
    crew.look()
    crew.close()


# --- schedules -----------------------------------------------------------------------------------------------------


def situation(p: int, c: int, n: int, **more: Any) -> Situation:
    return Situation("scheduled", {"producers": cooks(p), "consumers": guests(c), "n": n, **more}, {})


def lists(value: Value) -> list[list[str]]:
    """What each consumer ate, as far as run returned such a thing."""
    return [[item.shown for item in plate.items[2:]] for plate in value.items[1:]]


def lost(played: Played) -> str:
    """Something stands still, or the plates do not hold what was cooked."""
    if not played.ended:
        return played.scheduled.how
    outcome = next((o for o in played.run.outcomes if isinstance(o, Returned)), None)
    eaten = lists(outcome.value) if outcome else []
    made = [items(food, played.args["n"]) for food in played.args["producers"].values()]
    dishes = [dish for plate in eaten for dish in plate]
    if sorted(dishes) != sorted(repr(dish) for dishes in made for dish in dishes):
        return "wrong"
    places = [[repr(dish) for dish in one] for one in made]
    inside = ([dish for dish in plate if dish in own] for plate in eaten for own in places)
    return "" if all(dishes == sorted(dishes, key=len_and_text) for dishes in inside) else "order"


def len_and_text(dish: str) -> tuple[int, str]:
    return len(dish), dish


@case("kitchen.schedules")
def kitchen_schedules(stage: Stage) -> None:
    with Explorer(stage) as explorer:
        slow, full = situation(2, 2, 3, seconds=SLOW), situation(3, 1, BOUND // 3 + 1)
        sizes = (slow, situation(2, 2, 3), full, situation(1, 3, 1))
        late = replace(situation(2, 2, 3), feeds=True)
        # Who is alone is late with the last; or three cooks at a time find room for one.
        explorer.explore(sizes, lost, random=12, pct=5, lagging=(slow, full), in_step=(full,), feeding=(late,))


@case("kitchen.together")
def kitchen_together(stage: Stage) -> None:
    with Explorer(stage) as explorer:
        if explorer.possible:
            explorer.play(situation(2, 2, 2), "the kitchen first", Favour("main", begin=True), told=True)


@case("import.quiet")
def import_quiet(stage: Stage) -> None:
    crew = Crew(stage)
    crew.start("load")
    crew.look()
    crew.close()
