"""The checks of clients that leave or break off, and of what the server does when nobody wants anything."""

from __future__ import annotations

from grader.analysis.serving import SPIN, busy, goes_on, measured
from grader.checks import BONUS, check, fail
from grader.model import Text, Trace, Vanished, say

from .readings import BOOKS, died_of, program, uppered

POLLS = 50  # context switches per second while nothing happens


def vanished(trace: Trace) -> dict[str, str]:
    code = "list-changed-in-loop" if died_of(trace, *BOOKS) else "vanished-client-kills"
    return dict.fromkeys(("silent", "closed", "refused"), code)


@check(
    "clients.early-close",
    points=0.5,
    needs=("upper.one",),
    requirement=say("a client that connects and leaves without a word harms nobody"),
)
def early_close(trace: Trace) -> Text:
    code = "ends-with-its-client"
    uppered(trace, "b", 1, {"refused": code, "closed": code, "silent": code}, say("after a client came and left"))
    return say("the next client was served")


@check(
    "clients.reset-idle",
    points=0.5,
    needs=("upper.one",),
    requirement=say("a client that breaks off (RST) harms nobody"),
)
def reset_idle(trace: Trace) -> Text:
    uppered(trace, "b", 1, vanished(trace), say("after a client broke off"))
    return say("the next client was served")


@check(
    "clients.reset-midway",
    points=0.5,
    needs=("clients.silent-neighbour",),
    requirement=say("a client that breaks off in the middle of its data harms no later one"),
)
def reset_midway(trace: Trace) -> Text:
    uppered(trace, "b", 1, vanished(trace), say("after a client broke off in the middle"))
    return say("the next client was served")


@check(
    "clients.reset-neighbours",
    points=0.5,
    case="clients.reset-midway",
    needs=("clients.alternate",),
    requirement=say("a client that breaks off takes no other connection with it"),
)
def reset_neighbours(trace: Trace) -> Text:
    uppered(trace, "neighbour", 2, vanished(trace), say("after another client broke off"))
    return say("a client that was connected all the time was still served")


@check(
    "clients.broken-pipe",
    points=0.5,
    needs=("upper.long-stream", "clients.silent-neighbour"),
    requirement=say("a client that breaks off while the server sends to it harms nobody"),
)
def broken_pipe(trace: Trace) -> Text:
    table = {**vanished(trace), "other": "shared-state"}
    uppered(trace, "b", 1, table, say("after a client broke off while it was sent to"))
    return say("the next client was served")


@check(
    "clients.leave-together",
    points=1,
    needs=("clients.alternate", "clients.early-close", "clients.reset-idle", "clients.fin-prompt"),
    requirement=say("ten clients that end at the same moment, in whatever way, harm none of those that stay"),
)
def leave_together(trace: Trace) -> Text:
    code = "list-changed-in-loop"
    table = dict.fromkeys(("silent", "closed", "refused", "cut", "short", "raised"), code)
    about = say("after ten clients ended at the same moment")
    for conn, count in (("neighbour", 3), ("late", 2), ("b", 1)):
        uppered(trace, conn, count, table, about)
    return say("those that stayed were served, and a new one too")


@check(
    "clients.gone-before-accept",
    points=0.5,
    severity=BONUS,
    needs=("clients.reset-idle",),
    requirement=say("a client that has broken off before it was accepted harms nobody"),
)
def gone_before_accept(trace: Trace) -> Text:
    table = dict.fromkeys(("silent", "closed", "refused", "raised"), "asks-who-is-gone")
    uppered(trace, "b", 1, table, say("after a client broke off before it was accepted"))
    return say("the next client was served")


# --- rest -----------------------------------------------------------------------------------------------------------


@check(
    "clients.eof-no-spin",
    points=0.5,
    case="idle",
    needs=("clients.alternate", "clients.fin-prompt"),
    requirement=say("a client that has gone leaves no busy loop and no open connection behind"),
)
def eof_no_spin(trace: Trace) -> Text:
    uppered(trace, "guest", 1, {})
    if trace.of(Vanished):
        goes_on(program(trace))
    share = measured(trace, "busiest thread, after a client has gone")
    left = measured(trace, "connections not closed")
    always = measured(trace, "busiest thread, without a guest", 0) > SPIN
    if left:
        expected = say("no connection whose client has gone")
        fail(expected, say("{n} connections in CLOSE_WAIT", n=int(left)), "never-closes")
    if share > SPIN and not always:
        fail(say("nobody works for a client that has gone"), busy(share), "spin-on-eof")
    uppered(trace, "silent", 2, {"closed": "idle-cut-off"}, say("after another client has gone"))
    if share > SPIN:
        return say("its connection was closed; the server goes round without a pause, with that client and without it")
    return say("nothing was left of the client that had gone")


@check(
    "clients.idle-kept",
    points=0.5,
    case="idle",
    needs=("clients.eof-no-spin",),
    requirement=say("a client may be silent for as long as it likes: nobody is cut off for it"),
)
def idle_kept(trace: Trace) -> Text:
    seconds = round(measured(trace, "silence"), 1)
    about = say("after {n} s of silence", n=seconds)
    uppered(trace, "silent", 3, {"closed": "idle-cut-off", "returned": "ends-with-its-client"}, about)
    return say("a client that had been silent for {n} s was still served", n=seconds)


@check(
    "idle.sleeps",
    points=0.5,
    case="idle",
    severity=BONUS,
    needs=("clients.eof-no-spin",),
    requirement=say("the server sleeps while nobody sends, instead of looking again and again"),
)
def sleeps(trace: Trace) -> Text:
    share = measured(trace, "busiest thread, after a client has gone")
    rate = round(measured(trace, "switches per second, after a client has gone"))
    if share > SPIN:
        fail(say("threads that sleep while nobody sends"), busy(share), "spin-while-idle")
    if rate > POLLS:
        expected = say("at most {n} wake-ups a second while nobody sends", n=POLLS)
        fail(expected, say("{n} wake-ups a second", n=rate), "polls")
    return say("{n} wake-ups a second", n=rate)
