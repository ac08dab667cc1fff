"""The checks of run_all, run_in_order and main_ends_first, and of what the module does at import."""

from __future__ import annotations

from grader.analysis.children import (
    Call,
    all_collected,
    all_ended,
    code_of,
    in_children,
    keeps_nothing,
    literal,
    nothing,
    nothing_at_import,
    returned_meanwhile,
    together,
)
from grader.analysis.lifecycle import NEVER, Life
from grader.checks import SHOULD, Unclear, check, fail
from grader.model import Released, Text, Trace, say

ALL = ("one", "two", "three", "four")
TURNS = ("two", "one", "three")
LAST = ("one", "two", "four")


def all_(trace: Trace) -> Call:
    return Call(trace, "run_all")


@check(
    "all.together",
    points=1.5,
    requirement=say("run_all runs each job in a process of its own, all at the same time"),
)
def all_together(trace: Trace) -> Text:
    return together(all_(trace), ALL)


@check(
    "all.waits",
    case="all.together",
    points=1,
    needs=("all.together",),
    requirement=say("run_all returns only when all of them have ended"),
)
def all_waits(trace: Trace) -> Text:
    call, expected = all_(trace), say("it returns when the last process has ended")
    call.answer(expected, "waits-for-nobody" if all_over(call) else None)
    all_ended(call, expected, "never-joined")
    return say("it returned after the last one had ended")


@check(
    "all.codes",
    case="all.together",
    points=1.5,
    needs=("all.waits",),
    requirement=say("run_all returns the exit codes in the order of the jobs, also 1 for an exception, -9 for SIGKILL"),
)
def all_codes(trace: Trace) -> Text:
    return _codes(all_(trace), ALL)


def _codes(call: Call, names: tuple[str, ...]) -> Text:
    """The exit codes of these jobs, which have ended as we had told them to."""
    due = [due_code(call, name) for name in names]
    expected = Text("{codes}", {"codes": repr(due)})
    value = call.answer(expected)
    got = literal(value)
    if got != due or any(type(code) is not int for code in got):
        lives = sorted((call.life(name) for name in names), key=lambda life: life.died)
        why = _why_codes(got, due, [code_of(life) for life in lives])
        if got == [code_of(call.life(name)) for name in names]:
            why = "end-of-job-lost"
        fail(expected, say("it returned {value}", value=value.shown), why)
    keeps_nothing(call.whole)
    return expected


def due_code(call: Call, name: str) -> int | None:
    """The exit code of a process that does nothing but this job, which ended as we had told it to."""
    told = next((e.how for e in call.trace.of(Released, run=call.run, job=name)), "")
    match told.split():
        case ["return"]:
            return 0
        case ["exit", code]:
            return int(code)
        case ["raise"]:
            return 1
    return code_of(call.life(name))


def _why_codes(got: object, due: list[int | None], as_they_ended: list[int | None]) -> str | None:
    if not isinstance(got, list):
        return "returns-nothing" if got is None else "returns-no-list"
    if None in got:
        return "code-before-end"
    if got and all(isinstance(code, bool) for code in got):
        return "bools-not-codes"
    if got == as_they_ended:
        return "order-of-ending"
    if sorted(map(repr, got)) == sorted(map(repr, due)):
        return "order-lost"
    if got == [_status(code or 0) for code in due]:
        return "wait-status"
    if got == [abs(code or 0) for code in due]:
        return "sign-lost"
    return "codes-made-up" if got == [0] * len(due) else None


def all_over(call: Call) -> bool:
    """Processes were started, and all of them have ended."""
    children = call.record.children
    return bool(children) and all(life.died < NEVER for life in children)


def _status(code: int) -> int:
    """As os.wait gives it: the code in the upper byte, or the number of the signal in the lower one."""
    return -code if code < 0 else code << 8


@check(
    "all.reaped",
    case="all.together",
    points=1,
    needs=("all.waits",),
    requirement=say("run_all leaves no zombie"),
)
def all_reaped(trace: Trace) -> Text:
    return all_collected(all_(trace))


@check(
    "all.none",
    points=0.5,
    severity=SHOULD,
    needs=("all.together",),
    requirement=say("run_all of no jobs starts nothing and returns an empty list"),
)
def all_none(trace: Trace) -> Text:
    return nothing(all_(trace))


@check(
    "all.spawn",
    points=0.5,
    severity=SHOULD,
    needs=("all.codes",),
    requirement=say("run_all works as well where processes are spawned, as on Windows and macOS"),
)
def all_spawn(trace: Trace) -> Text:
    together(all_(trace), ALL[:2])
    return _codes(all_(trace), ALL[:2])


# --- run_in_order ----------------------------------------------------------------------------------------------------


def order(trace: Trace) -> Call:
    return Call(trace, "run_in_order")


@check(
    "order.turns",
    points=1.5,
    requirement=say("run_in_order starts each process only when the one before has ended"),
)
def order_turns(trace: Trace) -> Text:
    call, expected = order(trace), say("each of {n} processes begins when the one before has ended", n=len(TURNS))
    in_children(call, expected, TURNS)
    came = [name for name in call.jobs if name in TURNS]
    lives = [call.life(name) for name in came]
    for name, before, after in zip(came[1:], lives, lives[1:], strict=False):
        if not before.died < after.born:
            fail(expected, say("{name} was started while another one was running", name=name), "all-at-once")
    if tuple(came) != TURNS[: len(came)]:
        fail(expected, say("they came in the order {names}", names=", ".join(came)), "wrong-order")
    if len(came) < len(TURNS):
        call.answer(expected)
        fail(expected, say("it returned, and {n} had been started", n=len(came)), _why_too_few(lives))
    return say("{n} processes, one after another", n=len(came))


def _why_too_few(lives: list[Life]) -> str | None:
    return "stops-at-failure" if lives and lives[-1].code else "starts-too-few"


@check(
    "order.codes",
    case="order.turns",
    points=1,
    needs=("order.turns",),
    requirement=say("run_in_order returns all exit codes in order, also after one that is not 0"),
)
def order_codes(trace: Trace) -> Text:
    return _codes(order(trace), TURNS)


@check(
    "order.reaped",
    case="order.turns",
    points=1,
    needs=("order.turns",),
    requirement=say("each process was joined before the next one starts, and no zombie is left"),
)
def order_reaped(trace: Trace) -> Text:
    call = order(trace)
    lives = [call.life(name) for name in TURNS]
    for name, before, after in zip(TURNS, lives, lives[1:], strict=False):
        if not before.reaped < after.born:
            expected = say("{name} is joined before the next process starts", name=name)
            fail(expected, say("it had ended and was a zombie"), "zombie")
    return all_collected(call)


# --- main_ends_first -------------------------------------------------------------------------------------------------


def last(trace: Trace) -> Call:
    return Call(trace, "main_ends_first")


@check(
    "last.returns",
    case="last.waited",
    points=1.5,
    requirement=say("main_ends_first starts all jobs at once and returns without waiting for any"),
)
def last_returns(trace: Trace) -> Text:
    call = last(trace)
    _main_lives(call)
    together(call, LAST)
    if call.outcomes and call.outcomes[0].is_a("SystemExit"):
        expected = say("it returns while all {n} are running", n=len(LAST))
        fail(expected, call.outcomes[0].text, "exits", call.outcomes[0].where)
    return returned_meanwhile(call, LAST)


def _main_lives(call: Call) -> None:
    """The call ended the whole program, and left its children behind."""
    root = call.record.root
    if not call.outcomes and root.died < NEVER and root.signal is None and call.record.orphans:
        n = len(call.record.orphans)
        actual = say("the whole program ended, and {n} of its children lived on", n=n)
        fail(say("the function returns; the program ends after its children"), actual, "orphans")


@check(
    "last.waited",
    points=2,
    needs=("last.returns",),
    requirement=say("the program ends only after its children, which run to their own end"),
)
def last_waited(trace: Trace) -> Text:
    expected = say("the main code ends, then the children by themselves, then the program")
    call = last(trace)
    found = call.record
    if found.left == NEVER:
        raise Unclear(say("the main code did not end"))
    lives = [call.life(name) for name in LAST]
    for life in lives:
        if life.struck:
            by = life.struck[0]
            actual = say("process {pid} was sent {signal} by process {by}", pid=life.pid, signal=by.signal, by=by.by)
            fail(expected, actual, "daemon-children" if life.struck[0].at > found.left else "ended-before-return")
        if life.died == NEVER:
            fail(expected, say("process {pid} {how}", pid=life.pid, how=say("did not end")))
    orphans = [life.pid for life in found.orphans]
    if orphans:
        pids = ", ".join(map(str, orphans))
        fail(expected, say("the program had ended before process {pid}", pid=pids), "orphans")
    if not all(found.left < life.died for life in lives):
        raise Unclear(say("a job ended before the main code"))
    return say("the main code ended, then {n} children, then the program", n=len(lives))


# --- import -----------------------------------------------------------------------------------------------------------


@check(
    "import.quiet",
    points=1,
    needs=("all.together",),
    requirement=say("importing the module starts no process"),
)
def import_quiet(trace: Trace) -> Text:
    return nothing_at_import(trace)
