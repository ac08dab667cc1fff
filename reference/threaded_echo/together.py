"""The checks of several clients, and of clients that are no friends."""

from __future__ import annotations

from grader.analysis.serving import SPIN, busy, goes_on, measured
from grader.checks import BONUS, SHOULD, check, fail
from grader.model import Text, Trace, Vanished, say

from .readings import crowd_served, echoed, program

POLLS = 50  # context switches per second while nothing happens


CROWDED = {"silent": "too-few-workers", "other": "shared-state"}


@check(
    "clients.idle-neighbour",
    points=1.5,
    needs=("echo.one",),
    requirement=say("a client that is connected and silent delays nobody"),
)
def idle_neighbour(trace: Trace) -> Text:
    echoed(trace, "b", 1, {"silent": "serial-server"}, say("while another client is connected and silent"))
    echoed(trace, "idle", 1, {"silent": "shared-state", "other": "shared-state", "closed": "idle-cut-off"})
    return say("a client was served while another was silent, and then that one too")


@check(
    "clients.slow-neighbours",
    points=0.5,
    severity=SHOULD,
    needs=("clients.idle-neighbour", "echo.three-messages"),
    requirement=say("twenty clients that send a byte now and then delay nobody"),
)
def slow_neighbours(trace: Trace) -> Text:
    crowd_served(trace, "slow clients served", 20, CROWDED)
    echoed(trace, "b", 1, {"silent": "too-few-workers"}, say("while 20 slow clients are connected"))
    return say("a client was served among 20 slow ones, and they were too")


@check(
    "clients.fifty",
    points=1,
    needs=("clients.idle-neighbour", "echo.three-messages"),
    requirement=say("fifty clients that talk at the same time each get their own bytes back"),
)
def fifty(trace: Trace) -> Text:
    n = crowd_served(trace, "turns served", 400, CROWDED)
    return say("{n} turns of 50 clients came back, none mixed up", n=n)


@check(
    "clients.five-hundred",
    points=0.5,
    severity=SHOULD,
    needs=("clients.fifty",),
    requirement=say("five hundred clients can be connected at the same time, and each is served"),
)
def five_hundred(trace: Trace) -> Text:
    n = crowd_served(trace, "turns served", 500, CROWDED)
    return say("{n} clients were connected at once and served", n=n)


@check(
    "clients.idle-kept",
    points=0.5,
    case="idle",
    needs=("echo.three-messages", "clients.idle-neighbour"),
    requirement=say("a client may be silent as long as it likes"),
)
def idle_kept(trace: Trace) -> Text:
    seconds = round(measured(trace, "silence"), 1)
    about = say("after {n} s of silence", n=seconds)
    echoed(trace, "silent", 2, {"closed": "idle-cut-off", "returned": "ends-with-its-client"}, about)
    return say("a client that had been silent for {n} s was still served", n=seconds)


# --- clients that are no friends ------------------------------------------------------------------------------------

VANISHED = {"silent": "vanished-client-kills", "closed": "vanished-client-kills", "refused": "vanished-client-kills"}


@check(
    "clients.early-close",
    points=0.5,
    needs=("echo.one",),
    requirement=say("a client that connects and leaves without a word harms nobody"),
)
def early_close(trace: Trace) -> Text:
    code = "ends-with-its-client"
    echoed(trace, "b", 1, {"refused": code, "closed": code, "silent": code}, say("after a client came and left"))
    return say("the next client was served")


@check(
    "clients.reset-idle",
    points=0.5,
    needs=("echo.one",),
    requirement=say("a client that breaks off (RST) harms nobody"),
)
def reset_idle(trace: Trace) -> Text:
    echoed(trace, "b", 1, VANISHED, say("after a client broke off"))
    return say("the next client was served")


@check(
    "clients.reset-midway",
    points=0.5,
    needs=("clients.idle-neighbour",),
    requirement=say("a client that breaks off in the middle of its data harms no later one"),
)
def reset_midway(trace: Trace) -> Text:
    echoed(trace, "b", 1, VANISHED, say("after a client broke off in the middle"))
    return say("the next client was served")


@check(
    "clients.reset-neighbours",
    points=0.5,
    case="clients.reset-midway",
    needs=("clients.idle-neighbour", "echo.three-messages"),
    requirement=say("a client that breaks off takes no other connection with it"),
)
def reset_neighbours(trace: Trace) -> Text:
    echoed(trace, "neighbour", 2, VANISHED, say("after another client broke off"))
    return say("a client that was connected all the time was still served")


@check(
    "clients.deaf-neighbour",
    points=0.5,
    case="clients.broken-pipe",
    needs=("echo.long-stream", "clients.idle-neighbour"),
    requirement=say("a client that sends and does not read delays nobody"),
)
def deaf_neighbour(trace: Trace) -> Text:
    about = say("while another client sends and does not read")
    echoed(trace, "neighbour of the rude one", 1, dict.fromkeys(("silent", "refused"), "one-lock-for-all"), about)
    return say("a client was served while another did not read")


@check(
    "clients.broken-pipe",
    points=0.5,
    needs=("clients.deaf-neighbour",),
    requirement=say("a client that breaks off while the server sends to it harms nobody"),
)
def broken_pipe(trace: Trace) -> Text:
    echoed(trace, "b", 1, VANISHED, say("after a client broke off while it was sent to"))
    return say("the next client was served")


@check(
    "idle.cpu",
    points=0.5,
    case="idle",
    severity=SHOULD,
    needs=("echo.one",),
    requirement=say("no processor is kept busy while the clients are silent"),
)
def idle_cpu(trace: Trace) -> Text:
    echoed(trace, "silent", 1, {})
    if trace.of(Vanished):
        goes_on(program(trace))
    share = measured(trace, "busiest thread, idle")
    if share > SPIN:
        fail(say("threads that sleep while nobody sends"), busy(share), "spin-while-idle")
    return say("its busiest thread ran {share} % of the time", share=round(100 * share))


@check(
    "idle.no-polling",
    points=0.5,
    case="idle",
    severity=BONUS,
    needs=("idle.cpu",),
    requirement=say("the server sleeps until there is something to do, instead of looking again and again"),
)
def no_polling(trace: Trace) -> Text:
    rate = round(measured(trace, "switches per second, idle"))
    if rate > POLLS:
        expected = say("at most {n} wake-ups a second while nobody sends", n=POLLS)
        fail(expected, say("{n} wake-ups a second", n=rate), "polls")
    return say("{n} wake-ups a second", n=rate)


@check(
    "clients.eof-no-spin",
    points=0.5,
    case="idle",
    needs=("idle.cpu", "clients.idle-neighbour"),
    requirement=say("a client that has gone leaves no busy loop and no open connection behind"),
)
def eof_no_spin(trace: Trace) -> Text:
    echoed(trace, "guest", 1, {})
    goes_on(program(trace))
    share = measured(trace, "busiest thread, after a client has gone")
    left = measured(trace, "connections not closed")
    if share > SPIN:
        fail(say("nobody works for a client that has gone"), busy(share), "spin-on-eof", program(trace).place())
    if left:
        expected = say("no connection whose client has gone")
        fail(expected, say("{n} connections in CLOSE_WAIT", n=int(left)), "never-closes")
    return say("nothing was left of the client that had gone")
