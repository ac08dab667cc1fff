"""The checks of several clients that are there at the same time."""

from __future__ import annotations

from grader.analysis.serving import measured
from grader.checks import SHOULD, check, fail
from grader.model import Text, Trace, say

from .readings import crowd_served, died_of, program, stands, uppered, waits_in

SLEPT = 1.2  # seconds in three turns: more than a program naps between two looks at all its clients
LOOKS = 2  # context switches per second without a client: more than this, and accept is no call that waits
CROWDED = {"silent": "too-few-clients", "other": "shared-state"}


@check(
    "clients.silent-neighbour",
    points=1.5,
    needs=("upper.one",),
    requirement=say("a client that is connected and silent delays nobody"),
)
def silent_neighbour(trace: Trace) -> Text:
    about = say("while another client is connected and silent")
    slept = measured(trace, "slept on unread bytes")
    if slept > SLEPT:
        expected = say("the bytes of one client are read at once, while another is silent")
        actual = say("the program slept for {n} s while these bytes lay unread, in three turns", n=round(slept, 1))
        fail(expected, actual, "waits-for-each-in-turn", program(trace).place("silent"))
    code = "would-block-uncaught" if died_of(trace, "BlockingIOError") else _why_stuck(trace)
    if code == "accepted-socket-blocking":
        about = _never_waits_for_callers(trace)
    uppered(trace, "b", 1, {"silent": code, "closed": code, "refused": code, "raised": code}, about)
    uppered(trace, "silent", 1, {"silent": "shared-state", "other": "shared-state", "closed": "idle-cut-off"})
    return say("a client was served while another was silent, and then that one too")


def _why_stuck(trace: Trace) -> str:
    """One client is silent, and nobody is served."""
    if waits_in(trace, "accept"):
        return "listening-socket-blocking"
    alone = (
        measured(trace, "busiest thread, without clients", 0),
        measured(trace, "switches per second, without clients", 0),
    )
    return "accepted-socket-blocking" if alone[0] > 0.1 or alone[1] > LOOKS else "serial-server"


def _never_waits_for_callers(trace: Trace) -> Text:
    line = stands(trace)
    if not line:
        return say("the program does not wait for callers, but it waits for a client that is connected and silent")
    return say(
        "the program does not wait for callers, but in {where} it waits for a client that is silent ({source}); the "
        "listening socket is non-blocking, the accepted one is not",
        where=str(line),
        source=line.source,
    )


@check(
    "clients.alternate",
    points=0.5,
    case="clients.silent-neighbour",
    needs=("clients.silent-neighbour", "upper.three-messages"),
    requirement=say("two clients that talk in turn, thirty times, each get their own bytes"),
)
def alternate(trace: Trace) -> Text:
    gone = dict.fromkeys(("silent", "closed", "cut", "short"), "one-message-per-connection")
    for conn in ("silent", "b"):
        uppered(trace, conn, 30, {"other": "shared-state", **gone}, say("two clients talk in turn"))
    return say("thirty turns of two clients came back, none mixed up")


@check(
    "upper.short-io",
    points=1,
    severity=SHOULD,
    needs=("clients.alternate",),
    requirement=say("nothing is lost where every recv and send moves only a few bytes, as the system may do"),
)
def short_io(trace: Trace) -> Text:
    code = "partial-send"
    for most in (7, 1):
        uppered(trace, f"cap {most}", 2, {"short": code, "silent": code, "cut": code, "other": code})
    return say("everything came back with at most 7 bytes, and with 1 byte, a call")


@check(
    "clients.slow-neighbours",
    points=0.5,
    severity=SHOULD,
    needs=("clients.alternate",),
    requirement=say("twenty clients that send a byte now and then delay nobody"),
)
def slow_neighbours(trace: Trace) -> Text:
    crowd_served(trace, "slow clients served", 20, CROWDED)
    uppered(trace, "b", 1, {"silent": "too-few-clients"}, say("while 20 slow clients are connected"))
    return say("a client was served among 20 slow ones, and they were too")


@check(
    "clients.fifty",
    points=1,
    needs=("clients.alternate",),
    requirement=say("fifty clients that talk at the same time each get their own bytes back"),
)
def fifty(trace: Trace) -> Text:
    n = crowd_served(trace, "turns served", 400, CROWDED)
    return say("{n} turns of 50 clients came back, none mixed up", n=n)
