"""The checks of the server: time and resources, what it keeps to itself, stopping and starting again."""

from __future__ import annotations

import base64

from grader.analysis import serving
from grader.analysis.serving import SPIN, busy, goes_on, left_behind, measured
from grader.checks import BONUS, SHOULD, Unclear, check, fail
from grader.model import (
    Ended,
    Exited,
    Listening,
    Marked,
    Printed,
    Raised,
    Received,
    Returned,
    Text,
    Trace,
    say,
)

from .readings import inside, let_in_at_once, opening, program, secret_of, served

CLIENTS = 1000
POLLS = 50  # context switches per second while nothing happens
PATIENCE = 5  # seconds for the digest
EARLY, LATE = 4.9, 7.0  # seconds: too early, too late


@check(
    "server.idle",
    points=0.25,
    severity=SHOULD,
    needs=("server.accepts",),
    requirement=say("no processor is kept busy while the clients are silent"),
)
def idle(trace: Trace) -> Text:
    served(trace, "quiet", 1, {})
    share = measured(trace, "busiest thread, idle")
    if share > SPIN:
        fail(say("threads that sleep while nobody sends"), busy(share), "spin-while-idle")
    return say("its busiest thread ran {share} % of the time", share=round(100 * share))


@check(
    "server.no-polling",
    points=0.5,
    case="server.idle",
    severity=BONUS,
    needs=("server.idle",),
    requirement=say("the server sleeps until there is something to do, instead of looking again and again"),
)
def no_polling(trace: Trace) -> Text:
    rate = round(measured(trace, "switches per second, idle"))
    if rate > POLLS:
        expected = say("at most {n} wake-ups a second while nobody sends", n=POLLS)
        fail(expected, say("{n} wake-ups a second", n=rate), "polls")
    return say("{n} wake-ups a second", n=rate)


@check(
    "server.eof-no-spin",
    points=0.5,
    case="server.idle",
    needs=("server.idle",),
    requirement=say("a client that was let in and has gone leaves no busy loop behind, and the next one is served"),
)
def eof_no_spin(trace: Trace) -> Text:
    _no_spin(trace, "after a client has gone", "spin-on-eof")
    served(trace, "friend", 1, dict.fromkeys(("silent", "refused", "returned"), "ends-with-its-client"))
    return say("nothing was left of the client that had gone, and the next one was served")


@check(
    "server.eof-in-digest",
    points=0.5,
    case="server.idle",
    needs=("server.eof-no-spin",),
    requirement=say("a client that goes in the middle of its digest leaves no busy loop and no open connection behind"),
)
def eof_in_digest(trace: Trace) -> Text:
    _no_spin(trace, "after a client has gone in its digest", "eof-in-digest-not-seen")
    code = "eof-in-digest-not-seen"
    served(trace, "another friend", 1, dict.fromkeys(("silent", "refused", "returned", "raised"), code))
    if left := int(measured(trace, "connections not closed")):
        expected = say("no connection whose client has gone")
        fail(expected, say("{n} connections in CLOSE_WAIT", n=left), "never-closes")
    return say("nothing was left of the client that had gone, and the next one was served")


def _no_spin(trace: Trace, when: str, code: str) -> None:
    server = program(trace)
    share = measured(trace, f"busiest thread, {when}", 0 if server.fate else None)
    if share > SPIN:
        fail(say("nobody works for a client that has gone"), busy(share), code, server.place())


@check(
    "server.churn",
    points=0.5,
    needs=("server.fin", "server.slow", "server.eof-in-digest"),
    requirement=say("a thousand clients come and go, let in or not, and no thread, file or socket stays behind"),
)
def churn(trace: Trace) -> Text:
    grown = left_behind(program(trace), CLIENTS)
    let_in_at_once(trace)
    table = {"silent": "keeps-connections", "other": "shared-state", "returned": "ends-with-its-client"}
    serving.crowd_served(program(trace), "clients served", CLIENTS, table, bytes.upper)
    goes_on(program(trace))
    return say("1000 clients were served; {n} threads more than before", n=grown)


# --- five seconds ---------------------------------------------------------------------------------------------------


@check(
    "server.in-time",
    points=0.25,
    case="server.deadline",
    needs=("server.silent",),
    requirement=say("a digest that comes after three seconds is in time"),
)
def after_three_seconds(trace: Trace) -> Text:
    table = dict.fromkeys(("closed", "silent"), "too-impatient")
    served(trace, "late", 1, table, say("with a digest that came after 3 seconds"))
    return say("it was let in")


@check(
    "server.patient",
    points=0.5,
    case="server.deadline",
    needs=("server.in-time",),
    requirement=say("the five seconds are for the digest: who was let in may be silent as long as it likes"),
)
def patient(trace: Trace) -> Text:
    about = say("after more than {n} s of silence", n=PATIENCE)
    served(trace, "quiet", 2, {"closed": "idle-cut-off", "returned": "ends-with-its-client"}, about)
    return say("a client that had been silent for more than {n} s was still served", n=PATIENCE)


@check(
    "server.deadline",
    points=0.5,
    severity=SHOULD,
    needs=("server.in-time",),
    requirement=say("a client that sends no digest is cut off after five seconds, not earlier and not much later"),
)
def deadline(trace: Trace) -> Text:
    return _cut_off(trace, "mute", "no-deadline")


@check(
    "server.deadline-whole",
    points=0.5,
    case="server.deadline",
    severity=SHOULD,
    needs=("server.deadline", "server.digest-split"),
    requirement=say("the five seconds are for the whole digest, not for each piece of it"),
)
def deadline_whole(trace: Trace) -> Text:
    return _cut_off(trace, "dripping", "deadline-per-recv")


def _cut_off(trace: Trace, conn: str, code: str) -> Text:
    """Measured from before it called, so that no delay of ours makes it too early; the script waits long enough."""
    listening, asked, ended = trace.first(Listening), trace.first(Marked), trace.first(Ended, conn=conn)
    if not listening or not asked or len(opening(trace, conn)) < 32:
        raise Unclear(say("there is no reading of this: {what}", what=Text(conn)))
    expected = say("the connection is closed {n} s after the challenge", n=PATIENCE)
    server = program(trace)
    if heard := b"".join(e.data for e in inside(trace, conn).of(Received, conn=conn)):
        fail(expected, say("{words} came", words=repr(heard)), "talks-to-refused")
    if not ended:
        waited = measured(trace, "waited")
        if waited < LATE:
            raise Unclear(say("there is no reading of this: {what}", what=Text(conn)))
        actual = server.because(say("it is still open after {n} s", n=round(waited, 1)))
        return fail(expected, actual, code, server.place("silent"))
    seconds = round(ended.at - listening.at, 1)
    if seconds < EARLY:
        fail(expected, say("it was closed after {n} s", n=seconds), "too-impatient")
    return say("it was closed after {n} s", n=round(ended.at - asked.at, 1))


# --- stopping and starting again ------------------------------------------------------------------------------------


@check(
    "server.stop-interrupt",
    points=0.25,
    severity=SHOULD,
    needs=("server.silent",),
    requirement=say("Ctrl-C (SIGINT) ends the program within 3 s, also while clients are connected"),
)
def stop_interrupt(trace: Trace) -> Text:
    return _stopped(trace)


@check(
    "server.stop-terminate",
    points=0.25,
    severity=SHOULD,
    needs=("server.silent",),
    requirement=say("SIGTERM ends the program within 3 s, also while clients are connected"),
)
def stop_terminate(trace: Trace) -> Text:
    return _stopped(trace)


def _stopped(trace: Trace) -> Text:
    for client in "abc":
        served(trace, client, 1, {})
    return serving.stopped(program(trace))


@check(
    "server.restart",
    points=0.25,
    severity=SHOULD,
    needs=("server.accepts",),
    requirement=say("it can be started again at once after it was stopped with a client connected"),
)
def restart(trace: Trace) -> Text:
    return _restarted(trace)


@check(
    "server.restart-after-kill",
    points=0.25,
    severity=SHOULD,
    needs=("server.accepts",),
    requirement=say("it can be started again at once after it was killed with a client connected"),
)
def restart_after_kill(trace: Trace) -> Text:
    return _restarted(trace)


def _restarted(trace: Trace) -> Text:
    serving.listens_again(program(trace, "again"))
    served(trace, "b", 1, {}, run="again")
    return say("the second start listened on the same port and served a client")


# --- what it keeps to itself ----------------------------------------------------------------------------------------


@check(
    "server.secret-kept",
    points=0.5,
    severity=SHOULD,
    needs=("server.wrong-secret", "server.stop-interrupt"),
    requirement=say("the secret itself is never sent and never printed"),
)
def secret_kept(trace: Trace) -> Text:
    served(trace, "friend", 1, {})
    return unsaid(trace)


def unsaid(trace: Trace) -> Text:
    """The secret stands in nothing that came over the wire, was printed, or was said by an exception."""
    secret = secret_of(trace)
    expected = say("the secret stays where it is")
    for e in trace.of(Received):
        if secret in e.data:
            fail(expected, say("it came over the wire: {data}", data=serving.shown(e.data, e.size)), "secret-sent")
    forms = (secret.decode(), secret.hex(), base64.b64encode(secret).decode())
    for words in (*trace.of(Raised), *trace.of(Printed)):
        text = words.text if isinstance(words, Printed) else words.message
        if any(form in text for form in forms):
            where = words.stream if isinstance(words, Printed) else say("an exception")
            fail(expected, say("it stands in what {where} says", where=where), "secret-printed")
    if not trace.of(Exited) and not trace.of(Returned):
        raise Unclear(say("what it printed is not known"))
    return say("it was not seen on the wire, in what was printed, or in an exception")
