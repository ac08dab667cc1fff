"""Makes a losing schedule short: the fewest switches that still lose. Pure; `loses` plays a schedule.

Delta debugging (Zeller, Hildebrandt 2002) over the segments of a schedule: what is left out is played by the default of
`strategies.Replay`, the same task as long as it can go on. So every segment that can go saves a switch.
"""

from __future__ import annotations

from collections.abc import Callable

from grader.schedule.segments import WHOLE, Schedule, Segment, merged

Loses = Callable[[Schedule], bool]


def shrink(schedule: Schedule, loses: Loses, budget: int = 60) -> Schedule:
    """A shorter schedule that still loses, or the given one. budget: so many plays at most."""
    plays = _Plays(loses, budget)
    best, parts = schedule, 2
    while len(best) > 1 and plays.left:
        size = -(-len(best) // parts)
        without = (merged((*best[:i], *best[i + size :])) for i in range(0, len(best), size))
        smaller = next((s for s in without if len(s) < len(best) and plays.lose(s)), None)
        if smaller is not None:
            best, parts = smaller, max(2, parts - 1)
        elif size == 1:
            break
        else:
            parts = min(len(best), parts * 2)
    return _stretched(best, plays)


def _stretched(schedule: Schedule, plays: _Plays) -> Schedule:
    """Lets each task go on as long as it can, where that makes no difference: a step count says that it does."""
    for i in reversed(range(len(schedule))):
        longer = merged((*schedule[:i], Segment(schedule[i].task, WHOLE), *schedule[i + 1 :]))
        if schedule[i].steps < WHOLE and len(longer) == len(schedule) and plays.lose(longer):
            schedule = longer
    return schedule


class _Plays:
    def __init__(self, loses: Loses, budget: int) -> None:
        self._loses, self.left = loses, budget
        self._known: dict[Schedule, bool] = {}

    def lose(self, schedule: Schedule) -> bool:
        if schedule not in self._known:
            if not self.left:
                return False
            self.left -= 1
            self._known[schedule] = self._loses(schedule)
        return self._known[schedule]
