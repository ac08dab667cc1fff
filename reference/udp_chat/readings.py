"""How the checks of `udp_chat` read a trace: what a server answered to whom; what a client made of each line typed.

A check says which symptoms it takes for which mistake in a table `{symptom: mistake}`, as those of other servers do
(grader/analysis/serving.py). In doubt none is named: expected and actual then speak for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from grader.analysis.outcomes import Outcome, outcomes
from grader.analysis.serving import SHOWN, Program, shown
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
    Listening,
    Quiet,
    Shown,
    Text,
    Trace,
    Typed,
    say,
)
from grader.wire.terminal import readable

REPLY, LIMIT = "收到", 1024
MODULES = ("udp_server.py", "udp_client.py")
PAIR = re.compile(r"\(b['\"].*, \('[\d.]+', \d+\)\)")  # what recvfrom returns, printed
BYTES = re.compile(r"b'.*'|b\".*\"")
CLEAN = ("", "0", "None")  # what sys.exit() leaves as its message where all is well
NOT_CONNECTED = ("[Errno 107]", "[Errno 32]")  # ENOTCONN, EPIPE
BAD = "龘"  # what the messages are made of that are too long; nobody prints it otherwise
STRANGER = "我是陌生人"  # what reference/peers/datagrams.py lets a stranger say


def the_server(trace: Trace, run: str = "server") -> Program:
    return Program(trace, MODULES, run)


def terminal(trace: Trace, run: str) -> str:
    """All that a run printed on its terminal, as a person reads it."""
    return readable("".join(e.text for e in trace.of(Shown, run=run)))


# --- a server's answers ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exchange:
    """A datagram of ours, and what came back to its sender before the next one was sent from there."""

    sent: DatagramSent
    got: tuple[DatagramReceived, ...] = ()


def exchanges(trace: Trace, conn: str) -> tuple[Exchange, ...]:
    """All of one socket of ours, in order."""
    found: list[Exchange] = []
    for e in trace.events:
        match e:
            case DatagramSent(conn=name) if name == conn:
                found.append(Exchange(e))
            case DatagramReceived(conn=name) if name == conn and found:
                found[-1] = Exchange(found[-1].sent, (*found[-1].got, e))
    return tuple(found)


def replied(server: Program, conn: str, count: int, table: Mapping[str, str]) -> None:
    """Each of the first `count` datagrams from this socket got one answer, the right one, from the server's address.

    Symptoms: "silent", "elsewhere" (from another address), "other" (other bytes), "twice".
    """
    seen = exchanges(server.trace, conn)[:count]
    bad = next(((x, symptom) for x in seen if (symptom := _symptom(server.trace, x))), None)
    if len(seen) == count and not bad:
        return
    exchange, symptom = bad or (None, "silent")
    asked = say("{data} is answered", data=data_of(exchange.sent.data, exchange.sent.size)) if exchange else None
    right = say("one datagram from the server's own address: {data}", data=data_of(REPLY.encode()))
    expected = Text("{asked}: {right}", {"asked": asked, "right": right}) if asked else right
    code = _of_the_program(server) or table.get(server.fate) or table.get(symptom)
    fail(expected, server.because(_answer(exchange, symptom)), code, server.place(symptom))


def _symptom(trace: Trace, x: Exchange) -> str:
    if not x.got:
        return "silent"
    if x.got[0].data != REPLY.encode():
        return "other"
    opened = trace.last(Listening)
    if opened and x.got[0].source.rpartition(":")[2] != str(opened.port):
        return "elsewhere"
    return "twice" if len(x.got) > 1 else ""


def _answer(exchange: Exchange | None, symptom: str) -> Text:
    got = exchange.got if exchange else ()
    if not got:
        return say("nothing came back")
    data = data_of(got[0].data, got[0].size)
    if symptom == "elsewhere":
        return say("{data} came from {source}", data=data, source=got[0].source)
    if symptom == "twice":
        return say("{n} datagrams came back", n=len(got))
    return say("{got} came back", got=data)


def _of_the_program(program: Program) -> str | None:
    """The mistakes that show in how the program stands or fell, whatever was asked of it."""
    if took_tuple(program.trace, program.run):
        return "recvfrom-tuple"
    return "asks-keyboard" if program.trace.of(Asked, run=program.run) else None


def took_tuple(trace: Trace, run: str) -> bool:
    """It took the pair that recvfrom returns for the bytes: it broke on it, or printed it."""
    raised = outcome_of(trace, run).raised
    broke = raised is not None and "tuple" in raised.message and raised.error in ("AttributeError", "TypeError")
    return broke or PAIR.search(terminal(trace, run)) is not None


# --- a client's lines -----------------------------------------------------------------------------------------------


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


def is_message(e: DatagramSent) -> bool:
    return e.size <= LIMIT and "\ufffd" not in e.data.decode("utf-8", "replace")


def lines(trace: Trace, run: str) -> tuple[Line, ...]:
    """The lines typed at a client, in order; our server for it has the name of its run.

    A datagram belongs to the line after which it arrived, however late we looked at it.
    """
    found, since = [Line("")], [0.0]
    for e in trace.events:
        if isinstance(e, Typed) and e.run == run:
            found.append(Line(e.text))
            since.append(e.at)
        else:
            i = -2 if isinstance(e, DatagramReceived) and e.at < since[-1] else -1
            found[i] = _grown(found[i], e, run)
    return tuple(found[1:])


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

    Symptoms: "raised" (an exception in place of a line), "not-asked" (for a line), "not-sent", "other" (bytes were
    sent), "stranger" (somebody else's word was printed), "stale" (an earlier answer was), "late" (it was printed when
    the next line had been typed), "bytes" (it was printed as Python shows bytes), "not-printed".
    """
    seen = lines(trace, run)
    for i in range(count):
        line = seen[i] if i < len(seen) else None
        symptom = _wrong(line, seen[:i], seen[i + 1 :], printed)
        if symptom in ("not-asked", "not-sent") and outcome_of(trace, run).raised:
            symptom = "raised"
        if symptom:
            code = client_fell(trace, run) or table.get(symptom)
            fail(_due(line, symptom), because(_happened(line, symptom), trace, run), code, place(trace, run))


def client_fell(trace: Trace, run: str) -> str | None:
    """The mistakes that show in how the client fell, whatever was asked of it."""
    raised = outcome_of(trace, run).raised
    if took_tuple(trace, run):
        return "recvfrom-tuple"
    if stream_socket(trace, run):
        return "stream-socket"
    return "port-of-its-own" if raised and "Address already in use" in raised.message else None


def stream_socket(trace: Trace, run: str) -> bool:
    """It opened a TCP socket: nobody is at the other end, and there is nothing to receive from."""
    raised = outcome_of(trace, run).raised
    return raised is not None and any(e in raised.message for e in NOT_CONNECTED)


def _wrong(line: Line | None, before: tuple[Line, ...], after: tuple[Line, ...], printed: bool) -> str:
    if line is None:
        return "not-asked"
    if not line.requests:
        return "not-sent"
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
    return "bytes" if BYTES.search(line.shown) else "not-printed"


def _due(line: Line | None, symptom: str) -> Text:
    if line is None:
        return say("it asks for the next line")
    if symptom in ("not-sent", "raised", "other"):
        return say("{line} is sent: {data}", line=repr(line.text), data=data_of(line.text.encode()))
    answers = dict.fromkeys(a.data.decode() for a in line.answers if is_message(a))
    return say("the answer to {line} is printed: {answer}", line=repr(line.text), answer=" | ".join(answers))


def _happened(line: Line | None, symptom: str) -> Text:
    if line is None:
        return say("it never asked for a line")
    match symptom:
        case "not-sent" | "raised":
            return say("no datagram came")
        case "other":
            wrong = next(r for r in line.requests if r.data != line.text.encode())
            return say("{data} came", data=data_of(wrong.data, wrong.size))
    text = line.shown.strip()
    return say("it printed {text}", text=repr(text[:60])) if text else say("it printed nothing")


def data_of(data: bytes, size: int | None = None) -> str:
    """Text where it is text, else bytes; of both only the beginning."""
    whole = len(data) if size is None else size
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return shown(data, whole)
    return repr(text) if len(text) <= SHOWN else f"{text[:SHOWN]!r}… ({whole})"


# --- how a client stood, and how it ended ---------------------------------------------------------------------------


def outcome_of(trace: Trace, run: str) -> Outcome:
    """What became of the call: an exception, a value, or neither."""
    return next(iter(outcomes(trace, run)), Outcome())


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
