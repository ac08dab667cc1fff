"""What our side does in `ticket_lock`: lets the buyers go on one step at a time, in orders of its own choosing.

Chapter section 1.4.10. Nothing here waits for luck: who goes on at which line is chosen, and the same seed chooses the
same (grader/instrument/exploring.py). `lost` only says where a search may end; what is right or wrong is said by
checks.py, which reads the file as it was at the end of each run, and what `sell` returned.
"""

import json
from collections.abc import Mapping

from grader.instrument import Run, Stage, case
from grader.instrument.exploring import Explorer, Played, Situation
from grader.model import Returned
from grader.schedule.segments import WHOLE, Segment
from grader.schedule.strategies import Favour, Held, RandomWalk, Replay

PATH = "tickets.json"
MISSING, BROKEN = "missing.json", "broken.json"
VISITS = {"search_ticket", "buy_ticket"}
LARGE = [(10, 0), (10, 1), (10, 3), (10, 10), (10, 11)]  # (buyers, tickets)
SMALL = [(3, 2), (2, 1), (3, 1), (3, 3), (2, 3), (3, 0)]
ODD = ('{"price": 5}', "[5]", '{"count": null}')  # whole: reading it again is no use
PAUSE = 0.004
TOLD = 3  # sales in full, from which the order of locks is read
AGAIN = 2  # plays
DONE = 80  # steps: nobody who is not waiting for somebody needs so many


def content(tickets: int) -> str:
    return json.dumps({"count": tickets})


def sale(buyers: int, tickets: int) -> Situation:
    users = [f"user{i}" for i in range(buyers)]
    return Situation("sell", {"users": users, "path": PATH}, {PATH: content(tickets)}, (PATH,))


def left(run: Run) -> int | None:
    """The count on disk; None where there is none."""
    try:
        count = json.loads(run.kept[PATH].text)["count"]
    except (KeyError, ValueError, TypeError):
        return None
    return count if type(count) is int else None


def winners(run: Run) -> int | None:
    """How many different names sell returned; None where it has not returned."""
    outcome = run.outcomes[-1] if run.outcomes else None
    if not isinstance(outcome, Returned):
        return None
    return len({i.shown for i in outcome.value.items}) or outcome.value.size


def lost(played: Played) -> str:
    """Something stands still, the books do not balance, or the file is no more."""
    return unbalanced(played.run, played.files) if played.ended else played.scheduled.how


def unbalanced(run: Run, files: Mapping[str, str]) -> str:
    """What is wrong with the books of a run that has ended; files: what was there before."""
    sold, count = winners(run), left(run)
    if sold is None or count is None:
        return "broken"
    return "" if sold + count == json.loads(files[PATH])["count"] and count >= 0 else "oversold"


def unended(played: Played) -> str:
    return "" if played.ended else played.scheduled.how


def unserved(played: Played) -> str:
    before, users = json.loads(played.files[PATH])["count"], len(played.args["users"])
    return lost(played) or ("" if winners(played.run) == min(before, users) else "unserved")


# --- one user ------------------------------------------------------------------------------------------------------


@case("buy.alone")
def buy_alone(stage: Stage) -> None:
    run = stage.start("alone", {"path": PATH}, name="a", files={PATH: content(2)}, keep=[PATH])
    run.wait_outcomes(8)
    if not stage.over:
        run.wait()
    run.stop()


@case("buy.atomic")
def buy_atomic(stage: Stage) -> None:
    with Explorer(stage) as explorer:
        situation = Situation("killed", {"path": PATH}, {PATH: content(2)}, (PATH,))
        for steps in range(1, DONE):
            if not explorer.possible:
                return
            plan = Replay((Segment("main", 1), Segment("1", steps), Segment("main", WHOLE)))
            played = explorer.play(situation, f"killed after {steps}", plan, told=True)
            if left(played.run) not in (1, 2) or went(played, "1") < steps:
                return


# --- sales ---------------------------------------------------------------------------------------------------------


@case("sale.schedules")
def sale_schedules(stage: Stage) -> None:
    with Explorer(stage) as explorer:
        small = [sale(*numbers) for numbers in SMALL]
        large = [sale(*numbers) for numbers in LARGE]
        loss = explorer.explore([*small, *large, *(small * 9)][:60], lost)
        for situation in [] if loss else small[:TOLD]:
            if explorer.possible:
                explorer.play(situation, "told", RandomWalk(f"{stage.rng.random()}"), told=True)
    if not loss:
        sell_freely(stage, 12)


@case("sale.sells")
def sale_sells(stage: Stage) -> None:
    with Explorer(stage) as explorer:
        for numbers in ((1, 1), (3, 2), (2, 3)):
            if explorer.possible:
                in_turn = Favour("main", *map(str, range(1, 20)))
                explorer.play(sale(*numbers), "one after another", in_turn, told=True)


@case("sale.processes")
def sale_processes(stage: Stage) -> None:
    with Explorer(stage) as explorer:
        if explorer.possible:
            explorer.play(sale(5, 2), "the seller first", Favour("main", begin=True), told=True)


@case("sale.buyers-fail")
def sale_buyers_fail(stage: Stage) -> None:
    with Explorer(stage) as explorer:
        explorer.explore([Situation("sell", {"users": ["a", "b", "c"], "path": MISSING})], unended, random=3, pct=1)


@case("sale.nobody")
def sale_nobody(stage: Stage) -> None:
    run = stage.start("sell", {"users": [], "path": PATH}, name="a", files={PATH: content(2)}, keep=[PATH])
    run.wait()


# --- the lock ------------------------------------------------------------------------------------------------------


@case("lock.one")
def lock_one(stage: Stage) -> None:
    """One buyer is held at each of its steps in turn, half a file in its hands perhaps; the other goes on if it can."""
    with Explorer(stage) as explorer:
        first, second = two_buyers(explorer)
        waited = 0
        for steps in range(1, DONE) if second else ():
            played = hold(explorer, sale(2, 2), first, steps, second)
            waited = waited or steps * waits(played, first, second)
            if not explorer.possible or unserved(played):
                return
            idle = went(played, first) < went(played, second)
            if went(played, first) <= steps and not (idle and goes_further(explorer, first, steps, second)):
                break
        if waited:
            hold(explorer, sale(2, 2), first, waited, second)
    sell_freely(stage, 6)


@case("lock.release-on-error")
def lock_release_on_error(stage: Stage) -> None:
    orders = ((PATH, MISSING, PATH), (BROKEN, PATH, PATH), (MISSING, BROKEN, PATH))
    with Explorer(stage) as explorer:
        if explorer.explore([buyers(paths, ODD[0]) for paths in orders], unended, random=6, pct=3):
            return
        for odd in ODD[1:]:
            if explorer.possible:
                explorer.play(buyers((BROKEN, PATH), odd), "one after another", Favour("main", "1", "2"), told=True)


def buyers(paths: tuple[str, ...], odd: str) -> Situation:
    return Situation("buyers", {"paths": paths}, {PATH: content(3), BROKEN: odd}, (PATH, BROKEN, MISSING))


@case("search.free")
def search_free(stage: Stage) -> None:
    situation = Situation("buyer_and_looker", {"path": PATH}, {PATH: content(2)}, (PATH,))
    with Explorer(stage) as explorer:
        found = 0
        for steps in range(1, DONE):
            if not explorer.possible:
                return
            played = hold(explorer, situation, "1", steps, "2")
            found += blocked(played, "1", "2")
            if found == 2 or went(played, "1") <= steps:
                return


def sell_freely(stage: Stage, times: int) -> None:
    """Nothing of ours is in these processes; they are only stopped, by the kernel, when they have opened a file.

    One sale that does not balance is enough: what came after it could only be too slow, and be taken for doubt.
    """
    for i in range(times):
        users = [f"user{n}" for n in range(4)]
        files = {PATH: content(2 + i % 2)}
        run = stage.start("sell", {"users": users, "path": PATH}, name=f"{i}", files=files, keep=[PATH], pause=PAUSE)
        if stage.over or not run.wait() or unbalanced(run, files):
            return


def two_buyers(explorer: Explorer) -> tuple[str, str]:
    """The tasks of two users who come to buy; "" where there are none."""
    if not explorer.possible:
        return "", ""
    played = explorer.play(sale(2, 2), "the seller first", Favour("main", begin=True), told=True)
    steps = [s for s in played.steps if s.kind == "step" and s.task != "main"]
    come = [s for s in steps if s.where and s.where.function in VISITS]  # not a Manager with classes of the student's
    first, second, *_ = *dict.fromkeys(s.task for s in come or steps), "", ""
    return first, second


def hold(explorer: Explorer, situation: Situation, first: str, steps: int, second: str) -> Played:
    """`second` goes on as far as it can while `first` stands still after so many steps."""
    plan = f"{first} is held after {steps} steps while {second} goes on"
    return explorer.play(situation, plan, Held(first, steps, second, DONE), told=True)


def goes_further(explorer: Explorer, first: str, steps: int, second: str) -> bool:
    """In a pool nobody knows beforehand who takes which job: perhaps `second` took that of `first` this time."""
    return any(went(hold(explorer, sale(2, 2), first, steps, second), first) > steps for _ in range(AGAIN))


def went(played: Played, task: str) -> int:
    return sum(s.steps for s in played.schedule if s.task == task)


def waits(played: Played, first: str, second: str) -> bool:
    """`second` did not come to its end while `first` was held."""
    again = resumed([s.task for s in played.steps], first, second)
    return again is not None and any(s.task == second and s.where for s in played.steps[again:])


def blocked(played: Played, first: str, second: str) -> bool:
    again = resumed([s.task for s in played.steps], first, second)
    return again is not None and second in played.steps[again].blocked


def resumed(order: list[str], first: str, second: str) -> int | None:
    """The step at which `first` goes on after `second` had its turn."""
    turn = order.index(second) if second in order else len(order)
    return next((i for i in range(turn, len(order)) if order[i] == first), None)
