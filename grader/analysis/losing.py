"""What loses among the schedules of a search. Layer 1, pure.

Between two steps of a schedule nothing is left to chance, except for threads that nobody schedules (a queue's feeder).
The search therefore plays a loss again, and one that was met only once accuses nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from grader.checks import Unclear, Violation
from grader.model import Scheduled, Trace, say

T = TypeVar("T")


def must_not_lose(trace: Trace, runs: Sequence[T], judge: Callable[[T], None]) -> None:
    """Judges all runs; raises the Violation of the last that fails, which is the one that a search has told in full.

    Raises Unclear where the search has played a loss again and only one of the runs fails, or as `judge` does.
    """
    found, unclear = [], []
    for run in reversed(runs):
        try:
            judge(run)
        except Violation as v:
            found.append(v)
        except Unclear as u:
            unclear.append(u)
    if len(found) == 1 and any(s.plan.startswith("replay") for s in trace.of(Scheduled)):
        once = say("{what}: so it was once, and not when the same schedule was played again", what=found[0].actual)
        raise Unclear(once)
    if wrong := [*found, *unclear]:
        raise wrong[0]
