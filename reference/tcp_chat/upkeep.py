"""The checks of the student's server itself: its start, its rest, its stop."""

from __future__ import annotations

from grader.analysis import serving
from grader.analysis.serving import SPIN, busy, measured
from grader.checks import SHOULD, check, fail
from grader.model import Text, Trace, say

from .judgements import CUT_OFF, conversed
from .readings import Party, program


@check(
    "listen.restart",
    points=0.5,
    severity=SHOULD,
    needs=("server.speaks-first",),
    requirement=say("stopped with a client connected, the server starts again at once on the same port"),
)
def restart(trace: Trace) -> Text:
    return served_again(trace)


@check(
    "listen.restart-after-kill",
    points=0.5,
    severity=SHOULD,
    needs=("server.speaks-first",),
    requirement=say("killed with a client connected, the server starts again at once on the same port"),
)
def restart_after_kill(trace: Trace) -> Text:
    return served_again(trace)


def served_again(trace: Trace) -> Text:
    conversed(Party(trace, "server"), 1)
    serving.listens_again(program(trace, "again"))
    conversed(Party(trace, "again", "b"), 1)
    return say("the second start served a client on the same port")


@check(
    "idle.cpu",
    points=0.5,
    severity=SHOULD,
    needs=("server.speaks-first",),
    requirement=say("no processor is kept busy while the server waits for its client"),
)
def idle_cpu(trace: Trace) -> Text:
    conversed(Party(trace, "server"), 1)
    share = measured(trace, "busiest thread, idle")
    if share > SPIN:
        fail(say("threads that sleep while nobody says anything"), busy(share), "spin-while-idle")
    return say("its busiest thread ran {share} % of the time", share=round(100 * share))


@check(
    "server.waits",
    points=0.5,
    case="idle.cpu",
    severity=SHOULD,
    needs=("server.turns",),
    requirement=say("a client may take as long as it likes for its answer"),
)
def waits(trace: Trace) -> Text:
    conversed(Party(trace, "server"), 3, CUT_OFF)
    return say("after a pause the conversation went on")


@check(
    "stop.interrupt",
    points=0.5,
    severity=SHOULD,
    needs=("server.turns",),
    requirement=say("Ctrl-C (SIGINT) ends the program within 3 s, also while it asks for a line"),
)
def interrupt(trace: Trace) -> Text:
    conversed(Party(trace, "server"), 1)
    return serving.stopped(program(trace))


@check(
    "stop.terminate",
    points=0.5,
    severity=SHOULD,
    needs=("server.turns",),
    requirement=say("SIGTERM ends the program within 3 s, also while it waits for its client"),
)
def terminate(trace: Trace) -> Text:
    return serving.stopped(program(trace))
