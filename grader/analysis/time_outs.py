"""Time-outs that were taken for an answer: what ran out in a schedule, and which mistake that was. Layer 1, pure.

A time-out says how long somebody was willing to wait and nothing about the others: they may be as slow as they like.
Who waits again after it has made no mistake; a wait that comes by again is therefore not meant. An item that was not
put, and a process that was not joined, are lost also where the next one is waited for on the same line.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.checks import mistake
from grader.model import Frame, Step, Trace, say

TIME_OUT_MISTAKES = (
    mistake(
        "put-gives-up",
        say("The queue was full until the time-out was over, and then the item was thrown away."),
        say("Whoever makes room may be slow. What becomes of an item that has found no room in time?"),
        "try:\n    q.put(item, timeout=1)\nexcept queue.Full:\n    pass",
    ),
    mistake(
        "time-out-is-no-end",
        say("Nothing had come until the time-out was over, and that was taken for the end: the other side was slow."),
        say("How can you tell “nothing more will come” from “nothing has come yet”?"),
        "try:\n    item = q.get(timeout=1)\nexcept queue.Empty:\n    break",
    ),
    mistake(
        "join-gives-up",
        say("join came back because its time-out was over, and the process was taken for finished: it was only slow."),
        say("join says nothing about whether the process has ended. What does, and what if it has not?"),
        "p.join(timeout=1)\nreturn results          # and if p is still at work?",
    ),
    mistake(
        "time-out-ignored",
        say("A wait came back because its time-out was over, and it went on as if it had got what it waited for."),
        say("What does acquire or wait return when the time is over?"),
        "lock.acquire(timeout=1)      # may return False\nitems.append(item)",
    ),
)
# What stands in the line that waits → the mistake.
LOST = {".put(": "put-gives-up", ".join(": "join-gives-up"}
AGAIN = {".get(": "time-out-is-no-end", "acquire(": "time-out-ignored", "wait(": "time-out-ignored"}


def ran_out(trace: Trace, run: str) -> tuple[str, Frame] | None:
    """(mistake, place) of the last time-out of a run that was not tried again; only one told in full says so much."""
    steps = trace.of(Step, run=run)
    for i in range(len(steps) - 1, -1, -1):
        where = steps[i].where
        if steps[i].kind == "time-out" and where and (code := _mistake(where, steps[i], steps[i + 1 :])):
            return code, where
    return None


def _mistake(where: Frame, over: Step, later: Sequence[Step]) -> str | None:
    again = any(s.task == over.task and s.kind in ("wait", "time-out") and s.where == where for s in later)
    words = LOST if again else LOST | AGAIN
    return next((code for word, code in words.items() if word in where.source), None)
