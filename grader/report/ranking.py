"""What to mend first: failures by mistake, dearest first. Layer 3, pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.model import Result, Severity, Verdict, say


def ranked(results: Sequence[Result]) -> list[list[Result]]:
    """The failures by mistake (one without a known mistake is its own), those first that cost most, bonus last.

    What waits for a failure counts with it. Within a mistake the check that is worth most stands first; what is equal
    stays in the order of the checks.
    """
    groups: dict[str, list[Result]] = {}
    for r in results:
        if r.verdict is Verdict.FAIL:
            groups.setdefault(r.mistake or r.id, []).append(r)

    def cost(group: list[Result]) -> tuple[bool, float]:
        ids = {r.id for r in group}
        lost = [r for r in results if r.severity is not Severity.BONUS and (r.id in ids or r.blocked_by in ids)]
        return all(r.severity is Severity.BONUS for r in group), -sum(r.max_points for r in lost)

    return [sorted(g, key=_weight) for g in sorted(groups.values(), key=cost)]


def reason(r: Result) -> tuple[object, ...]:
    """Checks in a row with the same reason for not passing may be told as one."""
    return r.verdict, r.blocked_by, None if r.verdict is Verdict.PASS else str(r.actual)


def root_of(results: Sequence[Result]) -> Result | None:
    """Where everything failed for one and the same reason (no module, one that cannot be imported): that, once."""
    if len(results) < 2 or len({reason(r) for r in results}) > 1 or results[0].verdict is not Verdict.FAIL:
        return None
    points = sum(r.max_points for r in results if r.severity is not Severity.BONUS)
    return replace(results[0], requirement=say("Every check needs this first"), max_points=points)


def _weight(r: Result) -> tuple[bool, float]:
    return r.severity is Severity.BONUS, -r.max_points
