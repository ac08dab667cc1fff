"""Sales: many users, one process each, in orders that our side chose. The books must balance in every one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.analysis.interleaving import Access, accesses_of, task_name, thing_name
from grader.analysis.lock_order import Edge, cycle
from grader.analysis.losing import must_not_lose
from grader.analysis.outcomes import outcomes, standstill
from grader.checks import SHOULD, Unclear, Violation, check, fail
from grader.model import Frame, Kept, Raised, Scheduled, Standing, Step, Text, Trace, say
from grader.wire.payload import value_of

from .readings import PATH, Sale, child_errors, count_of, free_sales, left_behind, must_be_followed, sales
from .reasons import in_numbers, must_end, why_left, why_lost, why_miscounted, why_unlocked


@check(
    "sale.no-deadlock",
    points=2,
    case="sale.schedules",
    requirement=say("sell comes to its end, whichever process goes on first at whichever line"),
)
def sale_no_deadlock(trace: Trace) -> Text:
    must_end(trace)
    must_be_followed(trace)
    if ring := cycle(trace):
        expected = say("all processes take the locks in the same order")
        fail(expected, crossed(ring), "lock-order", ring[-1].want.where)
    runs = trace.of(Scheduled)
    raised = [sale.raised for sale in sales(trace) if sale.raised]
    if len(raised) == len(runs):
        error = f"{raised[0].error}: {raised[0].message}"[:200]
        fail(names_expected(), say("sell raised {error}", error=error), None, last_frame(raised[0]))
    return say("{n} schedules came to their end", n=len(runs))


@check(
    "sale.sells",
    points=1.5,
    requirement=say("users who come one after another get a ticket as long as there are any"),
    needs=("sale.no-deadlock", "buy.takes-one"),
)
def sale_sells(trace: Trace) -> Text:
    must_end(trace)
    must_be_followed(trace)
    for sale in played(trace):
        must_balance(trace, sale)
        must_serve(trace, sale)
    return say("each user got a ticket while there were any, and the file says what is left")


@check(
    "sale.processes",
    points=2,
    requirement=say("each user is a process of their own, and all of them are there at the same time"),
    needs=("sale.no-deadlock",),
)
def sale_processes(trace: Trace) -> Text:
    must_end(trace)
    must_be_followed(trace)
    (sale,) = played(trace)[:1]
    steps, n = trace.of(Step, run=sale.run), len(sale.users)
    tasks = {s.task for s in steps if s.kind == "step" and s.task != "main"}
    processes = {t for t in tasks if "t" not in t}
    together = max((len(processes & {s.task, *s.ready, *s.blocked}) for s in steps), default=0)
    expected = say("{n} processes, all there at the same time", n=n)
    if len(processes) < n and len(tasks) > len(processes):
        fail(expected, say("it started threads, not processes"), "threads-not-processes")
    if len(processes) < n:
        code = None if processes else "no-process"
        fail(expected, say("the code of the users ran in {n} processes of their own", n=len(processes)), code)
    if together < n:
        seen = say("never more than {n} of them were there at the same time", n=together)
        fail(expected, seen, "one-after-another" if together == 1 else None)
    return say("{n} processes were there at the same time", n=n)


@check(
    "sale.joined",
    points=1,
    case="sale.processes",
    requirement=say("sell returns when all its processes have ended"),
    needs=("sale.processes",),
)
def sale_joined(trace: Trace) -> Text:
    (sale,) = played(trace)[:1]
    if sale.returned is None:
        raise Unclear(say("sell has not returned"))
    if alive := left_behind(trace, sale.run):
        fail(say("none of its processes is left"), say("{n} of them were still there", n=alive), "not-joined")
    return say("when it returned, none of them was left")


@check(
    "sale.no-oversell",
    points=3,
    case="sale.schedules",
    requirement=say("never more winners than tickets: what is left is always the tickets less the winners"),
    needs=("sale.sells",),
)
def sale_no_oversell(trace: Trace) -> Text:
    must_not_lose(trace, played(trace), lambda sale: must_balance(trace, sale))
    must_be_followed(trace)
    told = [a for run in dict.fromkeys(s.run for s in trace.of(Step)) for a in accesses_of(trace, run)]
    must_balance_unwatched(trace, otherwise=(told and why_unlocked(told)) or "behaves-when-watched")
    must_be_seen(trace, told)
    free = len(free_sales(trace))
    if not free:
        still = standstill(trace, "0")
        fail(say("sell comes to its end"), still.text, None, still.where)
    return say("the books balanced in each of {n} schedules, and of {free} free runs", n=len(played(trace)), free=free)


@check(
    "sale.everyone-served",
    points=1.5,
    severity=SHOULD,
    case="lock.one",
    requirement=say("everybody who should get a ticket gets one, also when others search while the file is written"),
    needs=("sale.no-oversell",),
)
def sale_everyone_served(trace: Trace) -> Text:
    for sale in reversed(played(trace)):
        if sale.scheduled.how == "ended":
            must_balance(trace, sale)
            must_serve(trace, sale)
    must_be_followed(trace)
    return say("in each of {n} schedules all tickets went to somebody", n=len(played(trace)))


@check(
    "sale.buyers-fail",
    points=0.5,
    severity=SHOULD,
    requirement=say("sell comes to its end also when every buyer fails, because there is no file"),
    needs=("sale.no-deadlock",),
)
def sale_buyers_fail(trace: Trace) -> Text:
    for s in trace.of(Scheduled, how="deadlock"):
        stands = [x.where for x in trace.of(Standing, run=s.run, task="main") if x.where]
        seen = say("its processes have ended, and it still waits for something from them")
        fail(say("sell returns, or raises"), seen, "waits-for-the-dead", stands[-1] if stands else None)
    must_end(trace)
    must_be_followed(trace)
    return say("in {n} schedules without a file, it came to its end", n=len(trace.of(Scheduled)))


@check(
    "sale.nobody",
    points=0.5,
    severity=SHOULD,
    requirement=say("sell returns an empty list where there are no users"),
)
def sale_nobody(trace: Trace) -> Text:
    got = outcomes(trace, "a")
    if not got:
        still = standstill(trace, "a")
        fail(say("it returns {value}", value="[]"), still.text, None, still.where)
    if got[0].value is None or not got[0].value.same(value_of([])):
        fail(say("it returns {value}", value="[]"), got[0].text, None, got[0].where)
    if count_of(trace.last(Kept, run="a", name=PATH)) != 2:
        fail(say("the file stays as it was"), say("the file was changed"))
    return say("it returned []")


# --- one sale ------------------------------------------------------------------------------------------------------


def played(trace: Trace) -> tuple[Sale, ...]:
    found = sales(trace)
    if not found:
        raise Unclear(say("no schedule was played"))
    return found


def must_balance(trace: Trace, sale: Sale) -> None:
    """The winners are users, each once, and as many as there are tickets fewer on disk."""
    if sale.scheduled.how != "ended":
        return
    if sale.raised:
        error = f"{sale.raised.error}: {sale.raised.message}"[:200]
        fail(names_expected(), say("sell raised {error}", error=error), None, last_frame(sale.raised))
    winners = sale.winners
    if winners is None:
        shown = sale.returned.shown if sale.returned else "?"
        fail(names_expected(), say("sell returned {value}", value=shown))
    if len(set(winners)) < len(winners) or not set(winners) <= set(sale.users):
        lost = "winners-lost" if why_miscounted(trace, sale) == "winners-lost" else None
        fail(names_expected(), say("sell returned {value}", value=", ".join(winners)), lost)
    code, where, clash = why_lost(trace, sale.run)
    expected = say(
        "{n} tickets, {users} users: what is left is {n} less the winners", n=sale.tickets, users=len(sale.users)
    )
    if sale.left is None:
        fail(expected, say("the file holds {text}, which says no count", text=repr(sale.text)), code, where)
    if sale.left + len(winners) != sale.tickets or sale.left < 0:
        ours = why_miscounted(trace, sale)
        if not code or (ours == "winners-lost" and code not in ("not-joined", "join-gives-up")):
            code = ours
        got = say(
            "{n} users were told that they have a ticket, and the file says {left}", n=len(winners), left=sale.left
        )
        fail(expected, say("{got}; {how}", got=got, how=in_numbers(clash)) if clash else got, code, where)


def crossed(ring: Sequence[Edge]) -> Text:
    """Who holds what when it takes what; nobody had to wait for ever this time."""
    first, *others = map(held_when_taking, ring)
    for other in others:
        first = say("{one}, and {other}", one=first, other=other)
    return say("{crossed}: with less luck, each waits for the other for ever", crossed=first)


def held_when_taking(e: Edge) -> Text:
    task, a, b = task_name(e.task), thing_name(e.held), thing_name(e.wanted)
    return say("{task} holds {a} when it takes {b}", task=task, a=a, b=b)


def names_expected() -> Text:
    return say("sell returns the names of those who got a ticket, each once")


def last_frame(raised: Raised) -> Frame | None:
    return raised.frames[-1] if raised.frames else None


def must_balance_unwatched(trace: Trace, otherwise: str | None, counts: Callable[[Sale], bool] = bool) -> None:
    """In the runs whose order nobody chose, and in which nothing of ours can be noticed, the books balance as well.

    otherwise: the mistake where a sale that nobody watched does not tell it. counts: the sales that are looked at.
    """
    for sale in filter(counts, free_sales(trace)):
        try:
            must_balance(trace, sale)
        except Violation as v:
            fail(v.expected, v.actual, v.mistake or otherwise)


def must_be_seen(trace: Trace, told: Sequence[Access]) -> None:
    """Where tickets were sold, somebody was seen to write the file or to take a lock: else who knows what was done."""
    sold = any(sale.winners for sale in sales(trace) if trace.first(Step, run=sale.run))
    if sold and not any(a.verb == "takes" or (a.verb == "writes" and a.thing == PATH) for a in told):
        raise Unclear(say("the file has changed, and nobody was seen to write it"))


def must_serve(trace: Trace, sale: Sale) -> None:
    winners, most = sale.winners or (), min(len(sale.users), sale.tickets)
    if sale.scheduled.how != "ended" or len(winners) == most:
        return
    error = child_errors(trace, sale.run)
    expected = say(
        "{n} of {users} users get one of {tickets} tickets", n=most, users=len(sale.users), tickets=sale.tickets
    )
    got = say("{n} got one", n=len(winners))
    half = "JSONDecodeError" in error
    actual = say("{got}; a process ended with {error}", got=got, error=error) if error else got
    fail(expected, actual, "search-sees-half-file" if half else why_left(accesses_of(trace, sale.run)))
