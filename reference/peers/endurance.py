"""How long a program bears it that its peer does nothing.

Nothing is hoped for: the system says after which time a thread of the program would end its wait by itself, and for so
long our side stands still. Where no thread has such a time-out, it takes no time at all.
"""

from __future__ import annotations

from grader.instrument import Run, Stage

NOTICED = 0.6  # seconds; socketserver's own time-out is half a second
GUARD = 9.9  # seconds: whoever waits for longer means to wait, and only guards itself
AFTER = 0.5  # seconds


def endurance(stage: Stage, most: float = GUARD, least: float = NOTICED) -> float:
    """Seconds after which no thread of the program waits any more; 0 where none has a time-out between these."""
    longest = max((t for t in stage.time_outs() if least <= t <= most), default=0.0)
    return longest + AFTER * bool(longest)


def stand_still(stage: Stage, run: Run, most: float = GUARD, least: float = NOTICED, untold: float = 0.0) -> None:
    """Neither reads nor writes for as long as the program bears it; less, where it has returned or ended by then.

    untold: seconds, where it does not wait for good and the system does not say for how long (select, sleep).
    """
    bears = endurance(stage, most, least)
    if untold and not (bears or stage.time_outs() or stage.waits_for_good()):
        bears = untold
    end = stage.now() + bears
    while stage.now() < end and not (run.outcomes or run.exited):
        stage.watch(0.05)
