"""How the checks of `ticket_lock` read a trace: each sale as it ended."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from typing import Any

from grader.checks import Unclear
from grader.model import (
    Exited,
    Given,
    Kept,
    Printed,
    Raised,
    Returned,
    Scheduled,
    Step,
    Trace,
    Value,
    say,
)

PATH = "tickets.json"
ALONE = "one after another"  # the plan of a sale in which nobody comes between


@dataclass(frozen=True, slots=True)
class Sale:
    """One scheduled run: what there was before, and what there is afterwards. left: None where no count is left."""

    run: str
    scheduled: Scheduled
    users: tuple[str, ...]
    tickets: int
    left: int | None
    text: str
    returned: Value | None = None
    raised: Raised | None = None

    @property
    def winners(self) -> tuple[str, ...] | None:
        """The names that sell returned; None where it returned no list of names."""
        value = self.returned
        if value is None or value.kind not in ("list", "tuple") or any(i.kind != "str" for i in value.items):
            return None
        return tuple(ast.literal_eval(i.shown) for i in value.items)


def sales(trace: Trace) -> tuple[Sale, ...]:
    """Every scheduled run that sold something from the file, in order."""
    found = (sale_of(trace, s) for s in trace.of(Scheduled))
    return tuple(s for s in found if s is not None)


def free_sales(trace: Trace) -> tuple[Sale, ...]:
    """Every run whose order nobody chose, as far as it came to its end."""
    chosen = {s.run for s in trace.of(Scheduled)}
    ended = (Scheduled(e.at, e.run, "free", "ended", "", 0) for e in trace.of(Exited) if e.run not in chosen)
    found = (sale_of(trace, e) for e in ended)
    return tuple(s for s in found if s is not None and (s.returned or s.raised))  # not those that our side has ended


def sale_of(trace: Trace, scheduled: Scheduled) -> Sale | None:
    run = scheduled.run
    args, before = trace.first(Given, run=run, name=""), trace.first(Given, run=run, name=PATH)
    if args is None or before is None or "users" not in (given := json.loads(args.text)):
        return None
    kept = trace.last(Kept, run=run, name=PATH)
    return Sale(
        run,
        scheduled,
        tuple(given["users"]),
        json.loads(before.text)["count"],
        count_of(kept),
        kept.text[:60] if kept else "",
        next((e.value for e in trace.of(Returned, run=run)), None),
        trace.last(Raised, run=run),
    )


def count_of(kept: Kept | None) -> int | None:
    """The count in a file as it was found; None where there is none."""
    try:
        data: Any = json.loads(kept.text) if kept else None
        count = data["count"]
    except (ValueError, KeyError, TypeError):
        return None
    return count if type(count) is int else None


def must_be_followed(trace: Trace) -> None:
    """Nothing is to be said for a program that did things without asking."""
    runs = trace.of(Scheduled)
    if not runs:
        raise Unclear(say("no schedule was played"))
    for s in runs:
        if s.how == "unfollowed":
            raise Unclear(say("its processes did things that could not be followed: {reason}", reason=s.reason))


def left_behind(trace: Trace, run: str) -> int:
    """How many processes of the users were still there when sell had returned; in a run that is told in full."""
    steps = trace.of(Step, run=run)
    after = next((s for s in steps if s.task == "main" and s.kind == "sleep" and s.where and not s.where.line), None)
    users = {s.task for s in steps if s.kind == "step"} - {"main"}
    return len(users & {*after.ready, *after.blocked}) if after else 0


def child_errors(trace: Trace, run: str) -> str:
    """The last lines of the tracebacks that a run's processes left on stderr, each once."""
    text = "\n".join(p.text for p in trace.of(Printed, run=run, stream="stderr"))
    errors = [line for line in text.splitlines() if line[:1].isalpha() and ("Error" in line or "Exception" in line)]
    return "; ".join(dict.fromkeys(errors))[:200]
