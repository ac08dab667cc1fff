"""Checks × traces → results. Layer 2, pure: the same traces give the same results, byte for byte.

Order of reasons: a submission that cannot be loaded fails every check for that reason; a check whose needs did not
pass is BLOCKED; a check without a trace, without evidence, or that breaks itself is UNDECIDED; the rest is the
check's own word. A FAIL on a trace in which a deadline was reached is not final: `settle` compares it with a second
playing under longer limits, and without one it is UNDECIDED.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from grader.checks import Check, Unclear, Violation
from grader.model import Busy, GaveUp, PassedOver, Quiet, Result, Text, Trace, Unproven, Vanished, Verdict, say

RETRY = ".retry"  # the case played again is saved under the case's name with this suffix

ENDED_ITS_SANDBOX = Violation(
    say("the program leaves the process that looks after it alone"),
    say("that process was ended from inside the sandbox"),
    "ends-the-interpreter",
    None,
)


def judge(
    checks: Iterable[Check],
    traces: Mapping[str, Trace],
    refusal: Violation | None = None,
    so_far: Mapping[str, Result] = MappingProxyType({}),
) -> tuple[Result, ...]:
    """One result per check, in order. traces: by case name; `<case>.retry` holds a second playing.

    refusal: why the submission could not be run at all (module missing, untouched, not importable).
    so_far: by id, the results of earlier checks that these ones may need.
    """
    known = dict(so_far)
    results = []
    for c in checks:
        known[c.id] = _judge_one(c, traces, known, refusal)
        results.append(known[c.id])
    return tuple(results)


def _judge_one(
    c: Check, traces: Mapping[str, Trace], so_far: Mapping[str, Result], refusal: Violation | None
) -> Result:
    if refusal:
        return _failed(c, refusal)
    blocked = _blocked(c, so_far)
    if blocked:
        return blocked
    played = [traces[name] for name in (c.case, c.case + RETRY) if name in traces]
    if not played or not all(need in so_far for need in c.needs):
        return _undecided(c, say("the case was not played"))
    return settle(*(judge_trace(c, t) for t in played))


def _blocked(c: Check, so_far: Mapping[str, Result]) -> Result | None:
    """By the first cause; by one that is sure rather than by one that could not be decided."""
    unmet = [so_far[n] for n in c.needs if n in so_far and so_far[n].verdict is not Verdict.PASS]
    roots = [so_far[r.blocked_by or r.id] for r in unmet]
    for verdict, cause in ((Verdict.BLOCKED, Verdict.FAIL), (Verdict.UNDECIDED, Verdict.UNDECIDED)):
        for root in roots:
            if root.verdict is cause:
                return _result(c, verdict, blocked_by=root.id)
    return None


def judge_trace(c: Check, trace: Trace) -> Result:
    """One check over one trace, whatever stands around it."""
    deadline = reached_deadline(trace)
    try:
        evidence = c.judge(trace)
    except Violation as v:
        return replace(_failed(c, v), deadline=deadline)
    except Unclear as u:
        return _failed(c, ENDED_ITS_SANDBOX) if trace.first(Vanished) else _undecided(c, u.reason)
    except Exception as e:  # the check itself is broken: its author is to blame, never the student
        return _undecided(c, say("the check itself is broken: {error}", error=f"{type(e).__name__}: {e}"))
    if not isinstance(evidence, Text) or not evidence.template:
        return _undecided(c, say("the check named no evidence"))
    unproven = trace.first(Unproven)
    if unproven:
        return _undecided(c, say("this machine cannot prove it: {reason}", reason=Text(unproven.reason)))
    return _result(c, Verdict.PASS, actual=evidence)


def reached_deadline(trace: Trace) -> bool:
    """Our side stopped waiting without proof that waiting was hopeless."""
    return any(isinstance(e, GaveUp | Busy | PassedOver) or (isinstance(e, Quiet) and e.timed) for e in trace.events)


def settle(*playings: Result) -> Result:
    """The word of one check on the first playing of its case and on the second, alone and with three times the limits.

    A failure that was seen in one of them is one. A failure for which a deadline speaks is one only if both have it.
    A playing that decided nothing leaves the word to the other.
    """
    failed = [r for r in playings if r.verdict is Verdict.FAIL]
    seen = [r for r in failed if not r.deadline]
    if seen:
        return seen[0]
    if len(failed) > 1:
        return replace(failed[-1], deadline=False)
    if failed:
        return _doubted(failed[0], alone=len(playings) == 1)
    return next((r for r in playings if r.verdict is Verdict.PASS), playings[-1])


def _doubted(result: Result, alone: bool) -> Result:
    once = say("it was too slow, and has not been played again: {first}", first=result.actual or "")
    differ = say("two runs differ: one was too slow, the other was not; {first}", first=result.actual or "")
    doubt = replace(result, verdict=Verdict.UNDECIDED, expected=None, mistake=None, where=None)
    return replace(doubt, actual=once if alone else differ, deadline=alone)


def wants_retry(result: Result) -> bool:
    """A verdict that must not be believed before the case has been played again."""
    return result.deadline or (result.verdict is Verdict.UNDECIDED and not result.blocked_by)


def _result(c: Check, verdict: Verdict, actual: Text | None = None, blocked_by: str | None = None) -> Result:
    return Result(c.id, c.severity, verdict, c.points, c.requirement, c.case, actual=actual, blocked_by=blocked_by)


def _undecided(c: Check, reason: Text) -> Result:
    return _result(c, Verdict.UNDECIDED, actual=reason)


def _failed(c: Check, v: Violation) -> Result:
    return replace(_result(c, Verdict.FAIL, actual=v.actual), expected=v.expected, mistake=v.mistake, where=v.where)
