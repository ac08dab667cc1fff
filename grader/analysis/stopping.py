"""How a process was stopped: by which signals, how soon, and whether anybody waited for its end. Layer 1, pure.

Who ignores SIGTERM is killed. The mistakes named here are those of process_mistakes.py.
"""

from __future__ import annotations

from grader.analysis.children import Call, all_collected, ending, list_of
from grader.analysis.lifecycle import NEVER, Life
from grader.checks import Unclear, fail
from grader.model import Killed, Text, say

SOON = 5.5  # seconds in which one who ignores SIGTERM must be killed: five, and what a time-out of five may be late


def signals_from(call: Call, life: Life, sender: int | None = None) -> tuple[Killed, ...]:
    """The signals that a process was sent by the run's first process."""
    by = call.record.root.pid if sender is None else sender
    return tuple(k for k in life.struck if k.by == by)


def terminated(call: Call, life: Life, expected: Text) -> Text:
    """A process got SIGTERM from the one that was to stop it, and before any other signal."""
    signals = signals_from(call, life)
    if not signals:
        code = "never-terminated" if life.died == NEVER or not life.signal else None
        fail(expected, say("it was sent no signal at all; {how}", how=ending(life)), code)
    if signals[0].signal != "SIGTERM":
        code = "kill-not-terminate" if signals[0].signal == "SIGKILL" else "other-signal"
        fail(expected, say("it was sent {signal}", signal=signals[0].signal), code)
    return say("SIGTERM from process {pid}; {how}", pid=signals[0].by, how=ending(life))


def only_asks(call: Call, job: str, expected: Text) -> None:
    """Fails where the call did not come back, and has only sent one who ignores it SIGTERM, once or again and again."""
    if call.outcomes:
        return
    try:
        signals = signals_from(call, call.life(job))
    except Unclear:  # that it did not come back is sure all the same
        return
    if [k.signal for k in signals] == ["SIGTERM"] and call.record.root.died == NEVER:
        fail(expected, call.stands.text, "waits-for-ever", call.stands.where)
    if len({k.signal for k in signals}) == 1 < len(signals):
        actual = say("it was sent {signal} {n} times, and nothing else", signal=signals[0].signal, n=len(signals))
        fail(expected, actual, "never-killed", call.stands.where)


def killed(call: Call, job: str) -> Text:
    """A process that ignores SIGTERM got it, was killed soon after, and was collected when the call was over."""
    expected = say("SIGTERM first, then SIGKILL within 5 seconds")
    only_asks(call, job, expected)
    call.answer(expected, "waits-for-ever")
    life = call.life(job)
    signals = signals_from(call, life)
    if not life.died < call.over:
        if any(k.signal == "SIGKILL" for k in signals):
            fail(expected, say("it was killed, and it returned before the process had ended"), "killed-not-joined")
        fail(expected, say("it returned and the process was still running"), "never-killed")
    terminated(call, life, expected)
    seconds = signals[-1].at - signals[0].at
    if seconds > SOON:
        fail(expected, say("it took {n} s", n=round(seconds, 1)), "killed-late")
    all_collected(call, "killed-not-joined")
    return Text("{signals}", {"signals": list_of(k.signal for k in signals)})
