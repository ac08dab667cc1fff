"""The checks of clients that do not read: what is due to them must wait in a queue, and nobody else may wait."""

from __future__ import annotations

from grader.analysis.serving import measured
from grader.checks import SHOULD, Unclear, check, fail
from grader.model import Ended, Flow, Measured, Text, Trace, say

from .readings import crowd_served, died_of, program, stands, streamed, uppered, waits_in

MEMORY = 48  # MiB


@check(
    "server.one-thread",
    points=1,
    case="backpressure.stalled",
    needs=("clients.silent-neighbour",),
    requirement=say("one thread of one process serves all clients"),
)
def one_thread(trace: Trace) -> Text:
    uppered(trace, "b", 1, {})
    threads, processes = int(measured(trace, "threads")), int(measured(trace, "processes"))
    expected = say("one thread in one process, while three clients are connected")
    if processes > 1:
        fail(expected, say("{n} processes", n=processes), "more-than-one-thread")
    if threads > 1:
        fail(expected, say("{n} threads", n=threads), "more-than-one-thread")
    if not threads:
        raise Unclear(say("there is no reading of this: {what}", what="threads"))
    return say("one thread served all clients")


@check(
    "backpressure.neighbours",
    points=1.5,
    case="backpressure.stalled",
    needs=("clients.silent-neighbour", "upper.long-stream"),
    requirement=say("a client that sends and does not read delays nobody"),
)
def neighbours(trace: Trace) -> Text:
    about = say("while another client does not read")
    code = _why_stuck(trace)
    if code == "accepted-socket-blocking":
        line = stands(trace)
        about = say(
            "another client does not read, and the program waits for it in {where}: {source}; its socket is a "
            "blocking one",
            where=str(line),
            source=line.source if line else "",
        )
    table = {"other": "shared-state", **dict.fromkeys(("silent", "closed", "refused", "raised"), code)}
    uppered(trace, "b", 2, table, about)
    return say("a client was served while another did not read")


def _why_stuck(trace: Trace) -> str:
    if died_of(trace, "BlockingIOError"):
        return "would-block-uncaught"
    if waits_in(trace, "send", "sendall", "recv", "write", "sendmsg", "flush"):
        return "accepted-socket-blocking"
    return "waits-until-sent"


@check(
    "backpressure.newcomer",
    points=0.5,
    case="backpressure.stalled",
    severity=SHOULD,
    needs=("backpressure.neighbours",),
    requirement=say("a new client is taken and served also while another floods the server and does not read"),
)
def newcomer(trace: Trace) -> Text:
    about = say("while another client floods the server")
    uppered(trace, "newcomer", 1, {"silent": "accepts-when-idle", "refused": "accepts-when-idle"}, about)
    return say("a new client was served while another did not read")


@check(
    "backpressure.nothing-lost",
    points=1.5,
    case="backpressure.stalled",
    needs=("backpressure.neighbours",),
    requirement=say("a client that first sends all it can, and only then reads, gets everything back, in order"),
)
def nothing_lost(trace: Trace) -> Text:
    return streamed(trace, "a", "partial-send")


@check(
    "backpressure.half-close",
    points=1,
    needs=("clients.fin-prompt", "backpressure.nothing-lost"),
    requirement=say("after the client's FIN all that still waits for it is sent, and only then the server closes"),
)
def half_close(trace: Trace) -> Text:
    ended, server = trace.first(Ended, conn="a"), program(trace)
    text = streamed(trace, "a", "queue-dropped-at-eof")
    if not ended:
        fail(say("FIN after the last byte"), server.because(say("the connection stays open")), "never-closes")
    return text


@check(
    "backpressure.bounded",
    points=1,
    severity=SHOULD,
    needs=("backpressure.nothing-lost",),
    requirement=say("at most 16 MiB are queued for a client that does not read; then nothing more is read from it"),
)
def bounded(trace: Trace) -> Text:
    once = _playing(trace)
    grown = measured(trace, f"{once}memory grown")
    taken = measured(trace, f"{once}bytes taken") / 2**20
    if grown > MEMORY:
        actual = say("{n} MiB more after {taken} MiB had been sent", n=round(grown), taken=round(taken))
        fail(say("at most {n} MiB more memory for a client that never reads", n=MEMORY), actual, "unbounded-queue")
    if measured(trace, f"{once}too slow"):
        raise Unclear(say("it queues so slowly that its bound was not reached: {n} MiB were taken", n=round(taken)))
    uppered(trace, f"{once}b", 2, {"silent": "one-limit-for-all"}, say("while another client does not read"))
    return say("it took {taken} MiB and no more; its memory grew by {n} MiB", n=round(grown, 1), taken=round(taken, 1))


@check(
    "backpressure.resumes",
    points=0.5,
    case="backpressure.bounded",
    severity=SHOULD,
    needs=("backpressure.bounded",),
    requirement=say("once such a client reads again, it gets everything, and the server reads from it again"),
)
def resumes(trace: Trace) -> Text:
    once = _playing(trace)
    if not trace.of(Flow, conn=f"{once}a", direction="due"):  # it was too slow, or there was no bound
        raise Unclear(say("there is no reading of this: {what}", what="due"))
    return streamed(trace, f"{once}a", "gives-up-at-limit")


def _playing(trace: Trace) -> str:
    """A server that queues slowly is played with twice in one case; the second playing decides."""
    return "again " if trace.of(Measured, what="again bytes taken") else ""


@check(
    "clients.two-hundred",
    points=0.5,
    severity=SHOULD,
    needs=("clients.fifty", "backpressure.neighbours"),
    requirement=say("two hundred clients are served while yet another one does not read"),
)
def two_hundred(trace: Trace) -> Text:
    n = crowd_served(trace, "turns served", 200, {"silent": "too-few-clients", "other": "shared-state"})
    return say("{n} clients were connected at once and served", n=n)
