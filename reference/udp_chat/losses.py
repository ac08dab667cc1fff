"""The checks of the client where datagrams are lost, late, or where nobody is there. Its time is real time."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from grader.analysis import serving
from grader.analysis.serving import measured
from grader.checks import BONUS, SHOULD, Unclear, check, fail
from grader.model import Asked, DatagramReceived, Quiet, Raised, Text, Trace, say

from .readings import outcome_of
from .talks import because, client_fell, lines, place, state, talked

EARLY, SOON, LATE = 0.7, 1.6, 3.0  # seconds: what still counts as one second, and what is no answer to a loss at all
TRIES = 3


@check(
    "client.resends",
    points=1,
    case="client.losses",
    needs=("client.many",),
    requirement=say("where the answer is lost, the line is sent again, and the next answer is printed"),
)
def client_resends(trace: Trace) -> Text:
    sent = next((line.requests for line in lines(trace, "lost")), ())
    expected = say("no answer for a second: the same line is sent again")
    if not sent:
        fail(expected, state(trace, "lost"), client_fell(trace, "lost"), place(trace, "lost"))
    if len(sent) == 1:
        fail(expected, because(say("it was sent once"), trace, "lost"), _why_once(trace), place(trace, "lost"))
    if (gap := sent[1].at - sent[0].at) > LATE:
        fail(expected, say("it was sent again after {n} s", n=round(gap, 1)), "too-patient")
    talked(trace, "lost", 1, {"other": "resends-other", "not-printed": "does-not-print"})
    return say("it was sent again after {n} s, and the answer was printed", n=round(gap, 2))


def _why_once(trace: Trace) -> str:
    outcome = outcome_of(trace, "lost")
    if outcome.value or outcome.raised:
        return "too-few-tries"
    return "no-time-out" if trace.first(Quiet, timed=False) else "too-patient"


@check(
    "client.counts-anew",
    points=0.5,
    case="client.losses",
    needs=("client.resends",),
    requirement=say("every line has its own three tries, whatever the lines before it cost"),
)
def client_counts_anew(trace: Trace) -> Text:
    codes = dict.fromkeys(("gave-up", "not-asked", "not-sent", "not-printed"), "counts-all-lines")
    if not outcome_of(trace, "lost").raised:
        codes["not-printed"] = "no-time-out"
    talked(trace, "lost", 2, codes)
    return say("a second line was lost too, sent again, and answered")


@check(
    "client.gives-up",
    points=1,
    case="client.losses",
    needs=("client.resends",),
    requirement=say("after three sends without an answer it raises TimeoutError"),
)
def client_gives_up(trace: Trace) -> Text:
    times, outcome = len(trace.of(DatagramReceived, conn="silent")), outcome_of(trace, "silent")
    expected = say("three sends, then TimeoutError")
    happened = because(say("it was sent {n} times", n=times), trace, "silent")
    if times != TRIES:
        fail(expected, happened, "too-many-tries" if times > TRIES else "too-few-tries", place(trace, "silent"))
    if not outcome.is_a("TimeoutError"):
        silence = outcome.value or _asked_on(trace, "silent")
        code = "gives-up-in-silence" if silence else "other-exception" if outcome.raised else None
        fail(expected, happened, code, place(trace, "silent"))
    return happened


def _asked_on(trace: Trace, run: str) -> bool:
    """It asked for another line, though the first was never answered."""
    return len(trace.of(Asked, run=run)) > 1


@check(
    "client.waits-a-second",
    points=0.5,
    case="client.losses",
    severity=SHOULD,
    needs=("client.gives-up",),
    requirement=say("it waits one second for an answer each time, the third time too"),
)
def client_waits_a_second(trace: Trace) -> Text:
    moments = [e.at for e in (*trace.of(DatagramReceived, conn="silent"), *trace.of(Raised, run="silent"))]
    waits = [round(b - a, 2) for a, b in pairwise(moments)]
    expected = say("one second after each of three sends")
    if len(waits) != TRIES:
        raise Unclear(say("no datagram came"))
    actual = say("the waits were {list} s", list=", ".join(map(str, waits)))
    if min(waits) < EARLY:
        fail(expected, actual, "impatient", place(trace, "silent"))
    if median(waits) > SOON:  # one of them may have been the machine's
        fail(expected, actual, "too-patient", place(trace, "silent"))
    return actual


@check(
    "client.late-answers",
    points=0.5,
    case="client.losses",
    severity=SHOULD,
    needs=("client.resends", "client.duplicates"),
    requirement=say("an answer that comes after the line was sent again is not taken for the answer to the next line"),
)
def client_late_answers(trace: Trace) -> Text:
    for run in ("late", "swapped"):
        talked(trace, run, 2, {"stale": "stale-answer"})
    return say("each line got its own answer")


@check(
    "client.nobody-there",
    points=0.5,
    case="client.losses",
    severity=SHOULD,
    needs=("client.resends",),
    requirement=say("where no server is there, it ends with an OSError"),
)
def client_nobody_there(trace: Trace) -> Text:
    outcome = outcome_of(trace, "nobody")
    if not lines(trace, "nobody"):
        raise Unclear(say("it never asked for a line"))
    if not outcome.is_a("OSError"):
        code = "gives-up-in-silence" if outcome.value or _asked_on(trace, "nobody") else None
        fail(say("TimeoutError or another OSError"), state(trace, "nobody"), code, place(trace, "nobody"))
    return state(trace, "nobody")


@check(
    "client.rests",
    points=0.5,
    case="client.losses",
    severity=SHOULD,
    needs=("client.resends",),
    requirement=say("while it waits for an answer it keeps no processor busy"),
)
def client_rests(trace: Trace) -> Text:
    share = measured(trace, "busiest thread, waiting")
    if share > serving.SPIN:
        fail(say("it sleeps until an answer comes, or its second is over"), serving.busy(share), "spins")
    return serving.busy(share)


@check(
    "client.pestered",
    points=0.5,
    case="client.losses",
    severity=BONUS,
    needs=("client.resends", "client.strangers"),
    requirement=say("a stranger who never stops talking does not keep it from sending again"),
)
def client_pestered(trace: Trace) -> Text:
    sent = trace.of(DatagramReceived, conn="pestered")
    if not sent:
        raise Unclear(say("no datagram came"))
    if len(sent) < 2:
        actual = say("a stranger's datagrams came all the time, and it was not sent again for {n} s", n=LATE)
        fail(say("it is sent again after a second"), actual, "clock-starts-anew", place(trace, "pestered"))
    return say("it was sent again after {n} s", n=round(sent[1].at - sent[0].at, 2))
