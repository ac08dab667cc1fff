"""How the checks of `threaded_echo` read a trace.

Almost every check asks one thing: did these turns of this conversation come back unchanged? `echoed` answers it, and
where they did not, the symptom (silence, a closed connection, too few bytes, other bytes) and the check together tell
which mistake it was: that is what the table `{symptom: mistake}` of a check is for.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.analysis.dialogue import Turn, last_words, streams, turns
from grader.checks import Unclear, fail
from grader.model import (
    Busy,
    Connected,
    Exited,
    Frame,
    GaveUp,
    Measured,
    Quiet,
    Raised,
    Refused,
    Returned,
    Text,
    Trace,
    Vanished,
    say,
)

MODULES = ("echo_server.py",)
SHOWN = 40  # bytes
OURS = ("ConnectionResetError", "BrokenPipeError")  # what our rude clients make a handler raise, rightly


def echoed(
    trace: Trace, conn: str, count: int, table: Mapping[str, str], about: Text | None = None, run: str = "server"
) -> int:
    """The first `count` turns of a connection came back unchanged; the number of their bytes. Fails otherwise.

    table: the mistake that a symptom (of Turn.symptom, or "refused") or a fate of the program (`fate`) stands for
    here. about: under what conditions.
    """
    seen = turns(trace, conn)[:count]
    bad = next((t for t in seen if t.symptom), None)
    if len(seen) == count and not bad:
        return sum(t.got_size for t in seen)
    turn = bad or Turn()
    symptom = "refused" if trace.of(Refused, conn=conn) else turn.symptom or "closed"
    actual = because(_seen(turn, symptom), trace, run)
    if about:
        actual = Text("{about}: {actual}", {"about": about, "actual": actual})
    expected = say("{data} comes back", data=_shown(turn.sent, turn.sent_size)) if turn.sent else say("an echo")
    return fail(expected, actual, table.get(fate(trace, run)) or table.get(symptom), place(trace, run, symptom))


def goes_on(trace: Trace) -> None:
    """The program still ran at the end of the case."""
    if how := fate(trace, "server"):
        code = "ends-with-its-client" if how == "returned" else "vanished-client-kills"
        fail(say("the server goes on"), state(trace, "server"), code, place(trace, "server"))


def _seen(turn: Turn, symptom: str) -> Text:
    k, n = turn.got_size, turn.sent_size
    match symptom:
        case "refused":
            return say("nobody takes the connection")
        case "silent":
            return say("nothing came back")
        case "closed":
            return say("the server closed the connection instead")
        case "short":
            return say("only {k} of {n} bytes came back", k=k, n=n)
        case "cut":
            return say("only {k} of {n} bytes came back, then the server closed the connection", k=k, n=n)
    return say("{got} came back", got=_shown(turn.got, k))


def streamed(trace: Trace, conn: str, code: str) -> Text:
    """Everything that was sent on a connection came back, compared block by block."""
    seen = streams(trace, conn)
    expected = say("{n} bytes come back unchanged", n=seen.sent)
    if seen.got < seen.sent or not seen.sent:
        actual = because(say("only {k} of {n} bytes came back", k=seen.got, n=seen.sent), trace, "server")
        fail(expected, actual, code, place(trace, "server"))
    if seen.wrong_from >= 0 or seen.got > seen.sent:
        actual = say("{k} bytes came back, other ones from byte {at} on", k=seen.got, at=max(seen.wrong_from, 0))
        fail(expected, actual, "strips-or-changes", place(trace, "server"))
    return say("{n} bytes came back unchanged", n=seen.got)


def measured(trace: Trace, what: str, otherwise: float | None = None) -> float:
    """A reading. Without one and without `otherwise` nothing can be said: UNDECIDED."""
    found = trace.last(Measured, what=what)
    if found is None and otherwise is None:
        raise Unclear(say("there is no reading of this: {what}", what=what))
    return found.value if found else otherwise or 0.0


def _shown(data: bytes, size: int) -> str:
    return repr(data) if size <= SHOWN else f"{data[:SHOWN]!r}… ({size})"


def fate(trace: Trace, run: str) -> str:
    """What became of the program by itself: "returned", "raised", "exited", "vanished", or "" where it still ran."""
    ended = trace.first(Exited, run=run)
    if trace.of(Vanished):
        return "vanished"
    if trace.of(Raised, run=run):
        return "raised"
    if trace.of(Returned, run=run):
        return "returned"
    return "exited" if ended and ended.signal != "SIGKILL" else ""


def _reason(trace: Trace, run: str) -> Text | None:
    """Why nothing more came, as far as it can be told; None where the program simply ran on."""
    raised, ended = trace.first(Raised, run=run), trace.first(Exited, run=run)
    match fate(trace, run):
        case "raised" if raised:
            return say("serve raised {error}", error=f"{raised.error}: {raised.message}"[:200].removesuffix(": "))
        case "returned":
            return say("serve returned")
        case "vanished":
            return say("the program ended the process that looks after it")
        case "exited" if ended:
            return say("the process ended ({how})", how=ended.signal or say("exit code {code}", code=ended.code))
    error = last_words(trace, run, MODULES).error
    if error and not error.startswith(OURS):
        return say("a thread died of {error}", error=error)
    if busy := trace.first(Busy):
        return say("the program keeps a processor busy ({share} %)", share=min(100, round(100 * busy.share)))
    if trace.of(Quiet):
        return say("all its threads wait, and nothing is under way")
    if late := trace.first(GaveUp):
        return say("nothing more had come after {n} s", n=late.seconds)
    return None


def because(seen: Text, trace: Trace, run: str) -> Text:
    why = _reason(trace, run)
    return Text("{seen}; {why}", {"seen": seen, "why": why}) if why else seen


def state(trace: Trace, run: str) -> Text:
    return _reason(trace, run) or say("the program was still running")


def place(trace: Trace, run: str, symptom: str = "") -> Frame | str | None:
    """The student's line: of the exception that ended serve; where it stands; of the last traceback on stderr."""
    raised = trace.first(Raised, run=run)
    stands = trace.first(Quiet) or trace.first(Busy)
    if raised and raised.frames:
        return raised.frames[-1]
    traced = last_words(trace, run, MODULES).where
    stood = stands.where if stands else None
    return stood or traced or None if symptom == "silent" else traced or stood


def crowd_served(trace: Trace, what: str, count: int, table: Mapping[str, str]) -> int:
    """Every turn of a crowd came back; otherwise the first client that had a bad one is looked at."""
    served = int(measured(trace, what))
    about = say("{k} of {n} turns came back", k=served, n=count)
    for conn in dict.fromkeys(e.conn for e in trace.of(Connected) if e.conn.startswith("client ")):
        echoed(trace, conn, 1, table, about)
    if served < count:
        fail(
            say("{n} of {n} turns come back", n=count),
            because(about, trace, "server"),
            table.get(fate(trace, "server")) or table.get("silent"),
            place(trace, "server"),
        )
    return count
