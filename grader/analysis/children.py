"""How a call that starts processes went: readings and judgements that every exercise about processes shares.
Layer 1, pure.

Rule: which process is whose child, when it lived and what ended it is the record's word (lifecycle.py); in which one a
job runs is the kernel's, which knows who called us. The mistakes named here are those of process_mistakes.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from grader.analysis.lifecycle import Life, Record, arrivals, place, record, so_far, stands
from grader.analysis.outcomes import Outcome, Standstill, outcomes_of
from grader.checks import Unclear, fail
from grader.model import Arrived, Census, Imported, Marked, Raised, Returned, Text, Trace, Value, say

DAWDLES = "the call waits, with a time-out"  # label of a mark: see reference/peers/crew.py
SIGNALS = {"SIGINT": 2, "SIGABRT": 6, "SIGKILL": 9, "SIGSEGV": 11, "SIGPIPE": 13, "SIGTERM": 15}
WHERE = {  # place of a job → what that is, and the mistake
    "main": (say("the target was called by the main process itself"), "run-not-start"),
    "thread": (say("the target ran in a thread of the main process"), "thread-not-process"),
    "descendant": (say("the target ran in a process that one of your child processes started"), "not-direct"),
    "stranger": (say("no process was started for the target"), None),
}


@dataclass(frozen=True, slots=True)
class Call:
    """The call of a function of that name in one run of a case, as far as our side waited for it."""

    whole: Trace
    name: str
    run: str = "a"

    @property
    def trace(self) -> Trace:
        return so_far(self.whole, self.run)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return outcomes_of(self.trace, self.run, self.name)

    @property
    def record(self) -> Record:
        """Without what the module had started by itself when it was imported: that is one check's own."""
        found, imported = record(self.trace, self.run), self.trace.first(Imported, run=self.run)
        since = imported.at if imported else 0.0
        return replace(found, lives=tuple(life for life in found.lives if life.born > since))

    @property
    def jobs(self) -> dict[str, Arrived]:
        """Job → where it ran."""
        return arrivals(self.trace, self.run)

    @property
    def stands(self) -> Standstill:
        return stands(self.trace, self.run)

    def life(self, job: str) -> Life:
        """The process in which a job ran."""
        if job not in self.jobs:
            raise Unclear(say("{name} has not called us", name=job))
        found = self.record.of(self.jobs[job].pid)
        if found is None:
            raise Unclear(say("the record of its processes is not what /proc shows"))
        return found

    def answer(self, expected: Text, stuck: str | None = None) -> Value:
        """What it returned; fails where it raised, or where it did not come back: then it made the mistake `stuck`."""
        if not self.outcomes:
            self.did_not_return(expected, stuck)
        first = self.outcomes[0]
        if first.value is None:
            fail(expected, first.text, None, first.where)
        return first.value

    def did_not_return(self, expected: Text, stuck: str | None = None) -> NoReturn:
        raised, still = self.trace.first(Raised, run=self.run), self.stands
        if raised:
            fail(expected, Outcome(raised=raised).text, None, raised.frames[-1] if raised.frames else None)
        fail(expected, still.text, stuck if still.quiet else None, still.where)

    @property
    def over(self) -> float:
        """The moment at which it returned or raised."""
        calls = {getattr(e, "call", -1) for e in self.trace.events if getattr(e, "name", "") == self.name}
        for e in self.trace.events:
            if isinstance(e, Returned | Raised) and e.run == self.run and e.call in calls:
                return e.at
        raise Unclear(say("the call did not return"))


def literal(value: Value | None) -> Any:
    """A value as Python had it, a long list by its items; None where it cannot be read back."""
    try:
        return ast.literal_eval(value.shown) if value else None
    except (ValueError, SyntaxError):
        return _item_by_item(value) if value else None


def _item_by_item(value: Value) -> Any:
    items = [literal(item) for item in value.items]
    lost = any(item is None and told.kind != "none" for item, told in zip(items, value.items, strict=True))
    if lost or not items or len(items) < value.size or value.kind not in ("list", "tuple"):
        return None
    return tuple(items) if value.kind == "tuple" else items


def ending(life: Life) -> Text:
    """What ended a process."""
    if life.signal:
        return say("ended by {signal}", signal=life.signal)
    return say("ended with exit code {code}", code=life.code) if life.code is not None else say("did not end")


def code_of(life: Life) -> int | None:
    """The exit code as multiprocessing gives it, by the kernel's word; None where the process did not end."""
    return -SIGNALS.get(life.signal, 0) if life.signal else life.code


def list_of(names: Iterable[object]) -> str:
    return ", ".join(map(str, names))


# --- judgements -----------------------------------------------------------------------------------------------------


def in_children(call: Call, expected: Text, names: Sequence[str]) -> None:
    """Those of these jobs that ran did so in child processes, each in one of its own."""
    found, came = call.record, call.jobs
    jobs = [came[name] for name in names if name in came]
    for job in jobs:
        if (where := place(found, job)) in WHERE:
            fail(expected, *WHERE[where])
    if len({job.pid for job in jobs}) < len(jobs):
        fail(expected, say("several jobs ran in one process"), "one-process-for-all")


def together(call: Call, names: Sequence[str]) -> Text:
    """All of these jobs ran in children of their own, at the same time: none was let go before all had called."""
    expected = say("{n} child processes, alive at the same time", n=len(names))
    in_children(call, expected, names)
    n = sum(name in call.jobs for name in names)
    if n < len(names):
        failed = next((o for o in call.outcomes if o.raised), None)
        if failed:
            pickled = "pickle" in str(failed.text)
            fail(expected, failed.text, "unpicklable-target" if pickled else None, failed.where)
        no_child_raised(call, expected)
        if call.outcomes:
            fail(expected, say("it returned, and {n} had been started", n=n), "starts-too-few")
        still = call.stands
        actual = say("only {n} ran, and no other was started while it did; {how}", n=n, how=still.text)
        fail(expected, actual if n else still.text, "join-in-start-loop" if n and still.quiet else None, still.where)
    last = max((call.jobs[name].at for name in names), default=0.0)
    ended = [name for name in names if call.life(name).died < last]
    if ended:
        actual = say("{n} had ended before the last was started", n=len(ended))
        fail(expected, actual, "join-in-start-loop")
    return say("{n} children of one parent were alive together, each waiting for our word", n=n)


def no_child_raised(call: Call, expected: Text) -> None:
    """Fails where processes have ended with an exit code that is not 0, and have not called us before."""
    ours = {job.pid for job in call.jobs.values()}
    failed = [life for life in call.record.children if life.code and life.pid not in ours]
    if failed:
        actual = say("process {pid} {how}", pid=list_of(x.pid for x in failed), how=ending(failed[0]))
        fail(expected, actual, "child-raises")


def returned_meanwhile(call: Call, names: Sequence[str]) -> Text:
    """The call was over while all of these jobs were running, and had not waited for any."""
    expected = say("it returns while all {n} are running", n=len(names))
    if call.trace.first(Marked, label=DAWDLES):
        actual = say("all were running, and it waited for one of them, with a time-out")
        fail(expected, actual, "waits-for-children")
    call.answer(expected, "waits-for-children")
    ended = [name for name in names if call.life(name).died < call.over]
    if ended:
        fail(expected, say("{n} had ended before it returned", n=len(ended)), "ended-before-return")
    return say("it returned while all {n} were waiting for our word", n=len(names))


def all_ended(call: Call, expected: Text, running: str | None) -> None:
    """When the call was over no process of it was running any more. running: the mistake where one was."""
    alive = call.record.alive(call.over)
    if alive:
        fail(expected, say("process {pid} was still running", pid=list_of(x.pid for x in alive)), running)


def all_collected(call: Call, mistake: str = "zombie") -> Text:
    """When the call was over, every child had been collected: the record says it, and /proc shows no zombie."""
    expected = say("when it returns, no child is left, and no zombie")
    found = call.record
    undead = [life.pid for life in found.children if life.zombie(call.over)]
    if undead and (seen := _zombies(call, undead)) != []:
        actual = say("process {pid} had ended and was a zombie", pid=list_of(seen or undead))
        fail(expected, actual, mistake)
    return say("{n} children, all of them collected before it returned", n=len(found.children))


def _zombies(call: Call, undead: Sequence[int]) -> list[int] | None:
    """Those of these that /proc showed as zombies when the call was over; None where nobody looked.

    A child whose parent ignores SIGCHLD is collected by nobody and never a zombie.
    """
    looked = [census for census in call.trace.of(Census) if census.at > call.over]
    if not looked:
        return None
    return [s.pid for s in looked[0].processes if s.pid in undead and s.state == "Z"]


def nothing(call: Call) -> Text:
    """A call with nothing to do returned an empty list and started no process."""
    expected = say("[], and no process")
    if call.outcomes and call.outcomes[0].raised:
        fail(expected, call.outcomes[0].text, "nothing-to-do-fails", call.outcomes[0].where)
    value = call.answer(expected)
    if (value.kind, value.size) != ("list", 0):
        code = "returns-nothing" if value.kind == "none" else "nothing-to-do-fails"
        fail(expected, say("it returned {value}", value=value.shown), code)
    if call.record.lives:
        fail(expected, say("{n} were started", n=len(call.record.lives)), "nothing-to-do-fails")
    return expected


def keeps_nothing(trace: Trace, run: str = "a") -> None:
    """Fails where a second call ("again", made for one job when all else was over) returned a list of more than one."""
    again = Call(trace, "again", run).outcomes
    if again and again[0].value and again[0].value.shown != "1":
        expected = say("called once more, for a single one, it returns a list of one")
        fail(expected, say("it returned a list of {n}", n=again[0].value.shown), "keeps-earlier")


def at_import(trace: Trace, run: str = "a") -> tuple[Life, ...]:
    """The processes that the module started when it was imported."""
    imported = trace.first(Imported, run=run)
    return tuple(life for life in record(trace, run).lives if imported is None or life.born <= imported.at)


def nothing_at_import(trace: Trace, run: str = "a") -> Text:
    """The import of the module started no process."""
    expected = say("no process is started before a function is called")
    if started := record(trace, run).lives:
        actual = say("while the module was imported, it started the process {pid}", pid=list_of(x.pid for x in started))
        fail(expected, actual, "starts-at-import")
    if not any(name.startswith("main") for name in arrivals(trace, run)):
        Call(trace, "", run).did_not_return(expected)
    return say("nothing was started")
