"""What a student's client made of each line that was typed, and how it stood or ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from grader.checks import fail
from grader.model import (
    Asked,
    Busy,
    DatagramReceived,
    DatagramSent,
    Event,
    Exited,
    Frame,
    GaveUp,
    Quiet,
    Shown,
    Text,
    Trace,
    Typed,
    say,
)
from grader.wire.terminal import readable

from .readings import BYTES, data_of, outcome_of, stream_socket, took_tuple

LIMIT = 1024
CLEAN = ("", "0", "None")  # what sys.exit() leaves as its message where all is well
STRANGER = "我是陌生人"  # what reference/peers/datagrams.py lets a stranger say


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was typed, and what happened until the next one was typed. answers: those that were not lost.

    asked: after that it asked for another line. early: it did so before it was answered.
    """

    text: str
    requests: tuple[DatagramReceived, ...] = ()
    answers: tuple[DatagramSent, ...] = ()
    shown: str = ""
    asked: bool = False
    early: bool = False

    def shows(self, answer: DatagramSent) -> bool:
        """The answer was printed. One that is no message (no UTF-8, too long) is none."""
        return is_message(answer) and answer.data.decode() in self.shown

    def shows_stripped(self, answer: DatagramSent) -> bool:
        """It was, but without the blanks around it."""
        return is_message(answer) and answer.data.decode().strip() in self.shown


def is_message(e: DatagramSent) -> bool:
    return e.size <= LIMIT and "\ufffd" not in e.data.decode("utf-8", "replace")


def lines(trace: Trace, run: str) -> tuple[Line, ...]:
    """The lines typed at a client, in order; our server for it has the name of its run."""
    found: list[Line] = []
    for e in trace.events:
        if isinstance(e, Typed) and e.run == run:
            found.append(Line(e.text))
        elif found:
            found[-1] = _grown(found[-1], e, run)
    return tuple(found)


def _grown(line: Line, e: Event, run: str) -> Line:
    match e:
        case DatagramReceived(conn=name) if name == run:
            return replace(line, requests=(*line.requests, e))
        case DatagramSent(conn=name, lost=False) if name == run:
            return replace(line, answers=(*line.answers, e))
        case Shown(run=name) if name == run:
            return replace(line, shown=line.shown + readable(e.text))
        case Asked(run=name) if name == run:
            return replace(line, asked=True, early=line.early or not line.answers)
    return line


def talked(trace: Trace, run: str, count: int, table: Mapping[str, str], *, printed: bool = True) -> None:
    """Each of the first `count` lines was sent as it was typed, and its answer printed.

    Symptoms: "gave-up" (an OSError in place of a line), "raised" (another exception), "not-asked" (for a line),
    "asks-on" (it asked for more instead of sending), "not-sent", "other" (bytes were sent), "stranger" (somebody else's
    word was printed), "stale" (an earlier answer was), "late" (printed when the next line had been typed), "bytes"
    (printed as Python shows bytes), "stripped" (printed without its blanks), "not-printed".
    """
    seen = lines(trace, run)
    for i in range(count):
        line = seen[i] if i < len(seen) else None
        symptom = _wrong(line, seen[:i], seen[i + 1 :], printed)
        if symptom in ("not-asked", "not-sent") and outcome_of(trace, run).raised:
            symptom = "gave-up" if outcome_of(trace, run).is_a("OSError") else "raised"
        if symptom:
            code = client_fell(trace, run) or table.get(symptom)
            fail(_due(line, symptom), because(_happened(line, symptom), trace, run), code, place(trace, run))


def _wrong(line: Line | None, before: tuple[Line, ...], after: tuple[Line, ...], printed: bool) -> str:
    if line is None:
        return "not-asked"
    if not line.requests:
        return "asks-on" if line.asked else "not-sent"
    if any(r.data != line.text.encode() for r in line.requests):
        return "other"
    if not printed:
        return ""
    if STRANGER in line.shown:
        return "stranger"
    if any(line.shows(a) for a in line.answers):
        return ""
    if any(line.shows(a) for earlier in before for a in earlier.answers if a.size):
        return "stale"
    if any(other.shows(a) for other in after for a in line.answers if a.size):
        return "late"
    if BYTES.search(line.shown):
        return "bytes"
    return "stripped" if any(line.shows_stripped(a) for a in line.answers) else "not-printed"


def _due(line: Line | None, symptom: str) -> Text:
    if line is None:
        return say("it asks for the next line")
    if symptom in ("asks-on", "not-sent", "gave-up", "raised", "other"):
        return say("{line} is sent: {data}", line=repr(line.text), data=data_of(line.text.encode()))
    answers = dict.fromkeys(a.data.decode() for a in line.answers if is_message(a))
    return say("the answer to {line} is printed: {answer}", line=repr(line.text), answer=" | ".join(answers))


def _happened(line: Line | None, symptom: str) -> Text:
    if line is None:
        return say("it never asked for a line")
    match symptom:
        case "asks-on":
            return say("no datagram came; it asks for another line")
        case "not-sent" | "gave-up" | "raised":
            return say("no datagram came")
        case "other":
            wrong = next(r for r in line.requests if r.data != line.text.encode())
            return say("{data} came", data=data_of(wrong.data, wrong.size))
    text = line.shown.strip()
    return say("it printed {text}", text=repr(text[:60])) if text else say("it printed nothing")


# --- how a client stood, and how it ended ---------------------------------------------------------------------------


def client_fell(trace: Trace, run: str) -> str | None:
    """The mistakes that show in how the client fell, whatever was asked of it."""
    raised = outcome_of(trace, run).raised
    if took_tuple(trace, run):
        return "recvfrom-tuple"
    if stream_socket(trace, run):
        return "stream-socket"
    return "port-of-its-own" if raised and "Address already in use" in raised.message else None


def ended(trace: Trace, run: str) -> bool:
    """It came to its end without an error; an end by sys.exit is one."""
    outcome = outcome_of(trace, run)
    left = outcome.raised is not None and outcome.raised.error == "SystemExit" and outcome.raised.message in CLEAN
    return outcome.value is not None or left


def reason(trace: Trace, run: str) -> Text | None:
    """How it ended, or why nothing more came from it; None where it simply ran on."""
    outcome, still = outcome_of(trace, run), trace.last(Quiet)
    if outcome.raised:
        error = f"{outcome.raised.error}: {outcome.raised.message}".removesuffix(": ")
        return say("chat raised {error}", error=error[:200])
    if outcome.value:
        return say("chat returned")
    if (gone := trace.first(Exited, run=run)) and gone.signal != "SIGKILL":
        return say("the process ended ({how})", how=gone.signal or say("exit code {code}", code=gone.code))
    if busy := trace.first(Busy):
        return say("the program keeps a processor busy ({share} %)", share=min(100, round(100 * busy.share)))
    if still:
        return say("it waits in {where}", where=str(still.where)) if still.where else say("it waits")
    if late := trace.first(GaveUp):
        return say("nothing more had come after {n} s", n=late.seconds)
    return None


def state(trace: Trace, run: str) -> Text:
    return reason(trace, run) or say("the program was still running")


def because(seen: Text, trace: Trace, run: str) -> Text:
    why = reason(trace, run)
    return Text("{seen}; {why}", {"seen": seen, "why": why}) if why else seen


def place(trace: Trace, run: str) -> Frame | None:
    """The student's line in which an exception left chat, or in which the program stands."""
    still = trace.first(Quiet) or trace.first(Busy)
    return outcome_of(trace, run).where or (still.where if still else None)
