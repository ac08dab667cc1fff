"""The checks of resources, of stopping and of starting again."""

from __future__ import annotations

from grader.analysis import serving
from grader.analysis.serving import goes_on, left_behind, measured
from grader.checks import BONUS, SHOULD, check, fail
from grader.model import Sent, Text, Trace, say

from .readings import BOOKS, crowd_served, died_of, program, uppered

MEMORY = 5.0  # MiB, after a thousand clients with 8000 bytes each


@check(
    "load.churn",
    points=1,
    needs=("clients.fin-prompt", "clients.alternate"),
    requirement=say("a thousand clients come and go, and no thread, file or socket stays behind"),
)
def churn(trace: Trace) -> Text:
    left_behind(program(trace), 1000)
    table = {"silent": "keeps-connections", "other": "shared-state", "returned": "ends-with-its-client"}
    table["raised"] = "list-changed-in-loop" if died_of(trace, *BOOKS) else "vanished-client-kills"
    crowd_served(trace, "clients served", 1000, table)
    goes_on(program(trace))
    return say("1000 clients were served, and nothing was left of them")


@check(
    "load.memory",
    points=0.5,
    case="load.churn",
    severity=BONUS,
    needs=("load.churn",),
    requirement=say("a thousand clients later the server needs no more memory than before"),
)
def memory(trace: Trace) -> Text:
    grown = round(measured(trace, "memory, after") - measured(trace, "memory, before"), 1)
    if grown > MEMORY:
        expected = say("less than {n} MiB more after 1000 clients with 8000 bytes each", n=MEMORY)
        fail(expected, say("{n} MiB more", n=grown), "keeps-data")
    return say("{n} MiB more", n=grown)


@check(
    "load.few-files",
    points=0.5,
    severity=BONUS,
    needs=("clients.alternate", "clients.early-close"),
    requirement=say("where no file descriptor is left for another client, the server goes on, and takes it later"),
)
def few_files(trace: Trace) -> Text:
    code = "dies-without-files"
    count = int(measured(trace, "clients connected"))
    about = say("with {n} clients and 32 file descriptors", n=count)
    uppered(
        trace,
        "first",
        len(trace.of(Sent, conn="first")),
        dict.fromkeys(("silent", "closed", "raised", "refused"), code),
        about,
    )
    about = say("when others had left")
    uppered(trace, f"guest {count}", 1, dict.fromkeys(("silent", "closed", "raised", "refused"), code), about)
    goes_on(program(trace))
    return say(
        "{n} clients called a server with 32 file descriptors; the last was served when others had left", n=count
    )


# --- stopping and starting again ------------------------------------------------------------------------------------


@check(
    "stop.interrupt",
    points=0.5,
    severity=SHOULD,
    needs=("clients.alternate",),
    requirement=say("Ctrl-C (SIGINT) ends the program within 3 s, also while clients are connected"),
)
def interrupt(trace: Trace) -> Text:
    return _stopped(trace)


@check(
    "stop.terminate",
    points=0.5,
    severity=SHOULD,
    needs=("clients.alternate",),
    requirement=say("SIGTERM ends the program within 3 s, also while clients are connected"),
)
def terminate(trace: Trace) -> Text:
    return _stopped(trace)


def _stopped(trace: Trace) -> Text:
    for client in "abc":
        uppered(trace, client, 1, {})
    return serving.stopped(program(trace))


@check(
    "listen.restart",
    points=0.5,
    severity=SHOULD,
    needs=("upper.one",),
    requirement=say("it can be started again at once after it was stopped with a client connected"),
)
def restart(trace: Trace) -> Text:
    return _restarted(trace)


@check(
    "listen.restart-after-kill",
    points=0.5,
    severity=SHOULD,
    needs=("upper.one",),
    requirement=say("it can be started again at once after it was killed with a client connected"),
)
def restart_after_kill(trace: Trace) -> Text:
    return _restarted(trace)


def _restarted(trace: Trace) -> Text:
    serving.listens_again(program(trace, "again"))
    uppered(trace, "b", 1, {}, run="again")
    return say("the second start listened on the same port and served a client")
