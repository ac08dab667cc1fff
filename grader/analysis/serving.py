"""What became of a student's server, and what its clients got from it: readings that every server exercise shares.
Layer 1, pure.

Almost every check of a server asks one thing: did these turns of this conversation get the answers that are due?
`answered` decides it, and where they did not, the symptom (silence, a closed connection, too few bytes, other bytes)
and the check together tell which mistake it was: that is what a check's table `{symptom: mistake}` is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.analysis.dialogue import Answer, Turn, last_words, same, streams, turns
from grader.analysis.slips import slip
from grader.checks import Unclear, fail
from grader.model import (
    Busy,
    Connected,
    Ended,
    Exited,
    Frame,
    GaveUp,
    Listening,
    Measured,
    NotListening,
    PassedOver,
    Quiet,
    Raised,
    Refused,
    Returned,
    Signalled,
    Text,
    Trace,
    Vanished,
    say,
)

HOST = "127.0.0.1"
SHOWN = 40  # bytes
STOPS = 3.0  # seconds
GROWN = 20  # threads, after all clients have gone
SPIN = 0.9  # share of the time in which a thread runs or wants to run
OURS = ("ConnectionResetError", "BrokenPipeError")  # what our rude clients make a handler raise, rightly


@dataclass(frozen=True, slots=True)
class Program:
    """One run of a student's server in a trace. modules: the student's files, as a traceback names them."""

    trace: Trace
    modules: tuple[str, ...]
    run: str = "server"

    @property
    def fate(self) -> str:
        """What became of it by itself: "returned", "raised", "exited", "vanished", or "" where it still ran."""
        ended = self.trace.first(Exited, run=self.run)
        if self.trace.of(Vanished):
            return "vanished"
        if self.trace.of(Raised, run=self.run):
            return "raised"
        if self.trace.of(Returned, run=self.run):
            return "returned"
        return "exited" if ended and ended.signal != "SIGKILL" else ""

    @property
    def reason(self) -> Text | None:
        """Why nothing more came, as far as it can be told; None where the program simply ran on."""
        trace = self.trace
        raised, ended = trace.first(Raised, run=self.run), trace.first(Exited, run=self.run)
        match self.fate:
            case "raised" if raised:
                return say("serve raised {error}", error=f"{raised.error}: {raised.message}"[:200].removesuffix(": "))
            case "returned":
                return say("serve returned")
            case "vanished":
                return say("the program ended the process that looks after it")
            case "exited" if ended:
                return say("the process ended ({how})", how=ended.signal or say("exit code {code}", code=ended.code))
        error = last_words(trace, self.run, self.modules).error
        if error and not error.startswith(OURS):
            return say("a thread died of {error}", error=error)
        if busy := trace.first(Busy):
            return say("the program keeps a processor busy ({share} %)", share=min(100, round(100 * busy.share)))
        if trace.of(Quiet):
            return say("all its threads wait, and nothing is under way")
        if passed := trace.first(PassedOver):
            return say("it answered another client {n} times meanwhile", n=passed.turns)
        if late := trace.first(GaveUp):
            return say("nothing more had come after {n} s", n=late.seconds)
        return None

    @property
    def state(self) -> Text:
        return self.reason or say("the program was still running")

    def because(self, seen: Text) -> Text:
        """What was seen, and why, where that is known."""
        return Text("{seen}; {why}", {"seen": seen, "why": self.reason}) if self.reason else seen

    def place(self, symptom: str = "") -> Frame | str | None:
        """The student's line: of the exception that ended serve; where it stands; of the last traceback on stderr."""
        raised = self.trace.first(Raised, run=self.run)
        stands = self.trace.first(Quiet) or self.trace.first(Busy)
        if raised and raised.frames:
            return raised.frames[-1]
        traced = last_words(self.trace, self.run, self.modules).where
        stood = stands.where if stands else None
        return stood or traced or None if symptom == "silent" else traced or stood


def measured(trace: Trace, what: str, otherwise: float | None = None) -> float:
    """A reading. Without one and without `otherwise` nothing can be said: UNDECIDED."""
    found = trace.last(Measured, what=what)
    if found is None and otherwise is None:
        raise Unclear(say("there is no reading of this: {what}", what=what))
    return found.value if found else otherwise or 0.0


# --- clients --------------------------------------------------------------------------------------------------------


def answered(
    program: Program,
    conn: str,
    count: int,
    table: Mapping[str, str],
    about: Text | None = None,
    answer: Answer = same,
) -> int:
    """The first `count` turns of a connection got the answers that are due; the number of their bytes. Fails otherwise.

    table: the mistake that a symptom (of Turn.symptom, or "refused") or a fate of the program (`Program.fate`) stands
    for here. about: under what conditions. answer: what is due for what was sent.
    """
    seen = turns(program.trace, conn, answer)[:count]
    bad = next((t for t in seen if t.symptom), None)
    if len(seen) == count and not bad:
        return sum(t.got_size for t in seen)
    turn = bad or Turn()
    missing = "closed" if program.trace.of(Ended, conn=conn) else "silent"
    symptom = "refused" if program.trace.of(Refused, conn=conn) else turn.symptom or missing
    actual = program.because(_seen(turn, symptom))
    if about:
        actual = Text("{about}: {actual}", {"about": about, "actual": actual})
    expected = say("{data} comes back", data=shown(turn.due, turn.sent_size)) if turn.due else say("an answer")
    return fail(expected, actual, table.get(program.fate) or table.get(symptom), program.place(symptom))


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
    return say("{got} came back", got=shown(turn.got, k))


def streamed(program: Program, conn: str, short: str, changed: str, direction: str = "sent") -> Text:
    """Everything that is due on a connection came back, compared block by block.

    short, changed: the mistakes where less came, and where other bytes came. direction: of the Flow that says what is
    due: "sent" where it is what we sent, "due" where the script has said it.
    """
    seen = streams(program.trace, conn, direction)
    expected = say("all {n} bytes that are due come back", n=seen.sent)
    if seen.got < seen.sent or not seen.sent:
        actual = program.because(say("only {k} of {n} bytes came back", k=seen.got, n=seen.sent))
        fail(expected, actual, short, program.place())
    if seen.wrong_from >= 0 or seen.got > seen.sent:
        actual = say("{k} bytes came back, other ones from byte {at} on", k=seen.got, at=max(seen.wrong_from, 0))
        fail(expected, actual, changed, program.place())
    return say("all {n} bytes that were due came back", n=seen.got)


def crowd_served(program: Program, what: str, count: int, table: Mapping[str, str], answer: Answer = same) -> int:
    """Every turn of a crowd got its answer; otherwise the first client that had a bad one is looked at."""
    trace = program.trace
    served = int(measured(trace, what))
    about = say("{k} of {n} turns came back", k=served, n=count)
    for conn in dict.fromkeys(e.conn for e in trace.of(Connected) if e.conn.startswith("client ")):
        answered(program, conn, 1, table, about, answer)
    if served < count:
        code = table.get(program.fate) or table.get("silent")
        fail(say("{n} of {n} turns come back", n=count), program.because(about), code, program.place())
    return count


def left_behind(program: Program, clients: int) -> int:
    """Threads that `reference.peers.serving.resources` found more of after so many clients than before: few, and no
    more files and connections than before."""
    trace = program.trace
    grown = int(measured(trace, "threads, after") - measured(trace, "threads, before"))
    before, after = (int(measured(trace, f"descriptor table, {when}")) for when in ("before", "after"))
    left = int(measured(trace, "connections not closed, after"))
    expected = say("as many threads, files and connections after {n} clients as before", n=clients)
    if left:
        fail(expected, say("{n} connections in CLOSE_WAIT", n=left), "never-closes")
    if grown > GROWN:
        seen = int(measured(trace, "clients served"))
        actual = say("{n} threads more than before, after {clients} clients", n=grown, clients=seen)
        fail(expected, actual, "keeps-connections", program.place())
    if after > 2 * before:
        actual = say("the table of open files grew from {before} to {after} places", before=before, after=after)
        fail(expected, actual, "keeps-connections")
    return grown


def goes_on(program: Program) -> None:
    """The program still ran at the end of the case."""
    if how := program.fate:
        code = "ends-with-its-client" if how == "returned" else "vanished-client-kills"
        fail(say("the server goes on"), program.state, code, program.place())


def busy(share: float) -> Text:
    percent = min(100, round(100 * share))
    return say("its busiest thread ran or wanted to run {share} % of the time", share=percent)


def shown(data: bytes, size: int) -> str:
    return repr(data) if size <= SHOWN else f"{data[:SHOWN]!r}… ({size})"


# --- the server alone -----------------------------------------------------------------------------------------------


def starts(one: Program) -> Text:
    """The first of the servers that `reference.peers.serving.listens` starts opened a port and goes on listening."""
    seen, elsewhere = one.trace.first(Listening), one.trace.first(NotListening)
    if seen and measured(one.trace, f"{one.run} listens", 0):
        return say("it listens on {address}:{port}", address=seen.address, port=seen.port)
    if not seen and elsewhere and elsewhere.others:
        return say("it listens on {others}", others=", ".join(elsewhere.others))
    code = slip(one.trace.first(Raised, run=one.run)) or "does-not-serve"
    return fail(say("a port is open while serve runs"), one.state, code, one.place())


def listens_as_told(one: Program, two: Program) -> Text:
    """Both servers of `reference.peers.serving.listens` listen on the addresses that they were given."""
    trace, missed = one.trace, one.trace.first(NotListening)
    if missed:
        program = two if trace.of(Listening) else one
        expected = say("it listens on {address}:{port}", address=HOST, port=missed.port)
        actual = say("it listens on {others}", others=", ".join(missed.others))
        if not missed.others:
            actual = say("a second server, on a port of its own, did not start: {what}", what=program.state)
        fail(expected, actual, "hard-coded-address", program.place())
    for seen in trace.of(Listening):
        if seen.address != HOST:
            expected = say("it listens on {address}:{port}", address=HOST, port=seen.port)
            actual = say("it listens on {address}:{port}", address=seen.address, port=seen.port)
            fail(expected, actual, "hard-coded-address")
    ports = [str(seen.port) for seen in trace.of(Listening)]
    if len(ports) < 2:
        raise Unclear(say("there is no reading of this: {what}", what="LISTEN"))
    return say("two servers listened on the ports that they were given, {ports}", ports=", ".join(ports))


def listens_again(again: Program) -> None:
    """The second start of a server listened on the same port."""
    if not again.trace.of(Listening)[1:]:
        expected = say("the second start listens on the same port")
        fail(expected, again.state, "no-reuse-address", again.place())


def stopped(server: Program) -> Text:
    """It ended within three seconds of the signal of `reference.peers.serving.stop`, with all its processes."""
    trace = server.trace
    asked, ended = trace.first(Signalled), trace.first(Exited)
    if not asked or not ended or ended.at < asked.at:
        return fail(say("the program runs until it is stopped"), server.state)
    expected = say("the process ends within 3 s of {signal}", signal=asked.signal)
    stuck = [e.waiting_for for e in trace.events if isinstance(e, Quiet | GaveUp)]
    if "exit" in stuck or trace.of(Busy):
        fail(expected, server.state, _why_not_stopped(server), server.place())
    seconds = round(ended.at - asked.at, 2)
    if seconds > STOPS:
        fail(expected, say("it took {n} s", n=seconds), _why_not_stopped(server))
    if left := int(measured(trace, "processes left")):
        fail(say("no process of the program is left"), say("{n} processes are left", n=left), "leaves-processes")
    return say("it ended after {n} s, with three clients connected", n=seconds)


def _why_not_stopped(server: Program) -> str:
    if measured(server.trace, "processes", 1) > 1:
        return "leaves-processes"
    if server.fate or not measured(server.trace, "listening", 0):
        return "threads-not-daemon"
    return "swallows-interrupt" if measured(server.trace, "accepting", 0) else "shutdown-deadlock"
