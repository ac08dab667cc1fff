"""The records that everything else passes along: texts, events, traces, results. Layer 0.

Rule 1: everything here is frozen and plain; no record opens, reads or asks for anything.
Rule 2: standard library only, because the instrument inside the pod uses this file too.
Rule 3: an event says what was seen and when; it never says what it means. Meaning is the business of checks.

Times are seconds since the case began, on our side's monotonic clock. Sizes are bytes. `conn` and `run` are the
names that the script gave to a connection and to a process of the student.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence to be said in the reader's language: an English template (the gettext msgid) and its values.

    Values may be texts themselves. `str()` gives the English.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format_map({k: str(v) for k, v in self.values.items()}) if self.values else self.template


def say(template: str, /, **values: Any) -> Text:
    """A `Text`. Every literal first argument of `say` must have a Chinese translation; a test sees to it."""
    return Text(template, values)


class Severity(StrEnum):
    MUST = "must"
    SHOULD = "should"
    BONUS = "bonus"


class Verdict(StrEnum):
    """UNDECIDED is not the student's doing and never costs a point."""

    PASS = "pass"
    FAIL = "fail"
    BLOCKED = "blocked"
    UNDECIDED = "undecided"


# --- values that a student's function returned, and those that our side expects -----------------------------------


@dataclass(frozen=True, slots=True)
class Value:
    """A Python value, summarised so that a megabyte costs a line.

    kind: "str", "bytes", "none", "bool", "int", "float", "list", "tuple" or the qualified name of another type.
    size: bytes (of the UTF-8 for a str) or items. digest: sha256 of those bytes, or of the repr. shown: the beginning.
    """

    kind: str
    size: int = 0
    digest: str = ""
    shown: str = ""
    items: tuple[Value, ...] = ()

    def same(self, other: Value) -> bool:
        return (self.kind, self.size, self.digest) == (other.kind, other.size, other.digest)


# --- events --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    at: float


@dataclass(frozen=True, slots=True)
class Started(Event):
    """The agent forked a process for the student's code; `entry` is what it was asked to do."""

    run: str
    entry: str
    pid: int


@dataclass(frozen=True, slots=True)
class Imported(Event):
    run: str


@dataclass(frozen=True, slots=True)
class Called(Event):
    """A function of the student was called; `call` counts from 0 within the run."""

    run: str
    call: int
    name: str
    args: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Returned(Event):
    run: str
    call: int
    value: Value


@dataclass(frozen=True, slots=True)
class Frame:
    """A line of the student's own file, from a traceback or a stack."""

    file: str
    line: int
    function: str
    source: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Raised(Event):
    """An exception left the student's code. call is -1 while the module was being imported.

    bases: names of all classes that it is an instance of, builtins bare ("ValueError"), others qualified.
    """

    run: str
    call: int
    error: str
    bases: tuple[str, ...]
    message: str
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class Printed(Event):
    """All that a run wrote to one stream: the kept beginning, and how many bytes there were."""

    run: str
    stream: str
    text: str
    size: int


@dataclass(frozen=True, slots=True)
class Shown(Event):
    """What a run printed on its terminal, when it came. A Printed event sums it up at the end."""

    run: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked(Event):
    """Proof that a run waits for a line at its terminal. All that it had printed before stands before this event."""

    run: str


@dataclass(frozen=True, slots=True)
class Typed(Event):
    """The line that was typed at a run's terminal when it asked for one, without its line end."""

    run: str
    text: str


@dataclass(frozen=True, slots=True)
class InputEnded(Event):
    """Ctrl-D at a run's terminal: whoever reads there now reads the end of the input."""

    run: str


@dataclass(frozen=True, slots=True)
class Exited(Event):
    """The run's process ended; code is None where a signal ended it."""

    run: str
    code: int | None
    signal: str | None = None


@dataclass(frozen=True, slots=True)
class Left(Event):
    """The main code of a recorded run has ended, by return or exception; what follows is the interpreter's own end."""

    run: str


@dataclass(frozen=True, slots=True)
class Stack(Event):
    """Where the run's main thread stood when asked, innermost student frame first."""

    run: str
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class Signalled(Event):
    run: str
    signal: str


@dataclass(frozen=True, slots=True)
class Vanished(Event):
    """The agent itself is gone: the student's code ended or broke the process that looks after it."""

    reason: str


# Processes of a recorded run. These are the kernel's word, and `at` the moment at which it held them still to say it:
# between a record and everything else, times order what the order of arrival does not. pid 0 is nobody's.


@dataclass(frozen=True, slots=True)
class Forked(Event):
    """Process `by` has a new child."""

    run: str
    pid: int
    by: int


@dataclass(frozen=True, slots=True)
class Execed(Event):
    run: str
    pid: int
    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Killed(Event):
    """Process `by` sends a signal to process `pid`. What comes of it is another event."""

    run: str
    pid: int
    signal: str
    by: int


@dataclass(frozen=True, slots=True)
class Died(Event):
    """A process ended: a zombie until it is reaped. code is None where a signal ended it."""

    run: str
    pid: int
    code: int | None
    signal: str | None = None


@dataclass(frozen=True, slots=True)
class Reaped(Event):
    """Process `by` has collected the exit status of its child `pid`, which is gone now."""

    run: str
    pid: int
    by: int


@dataclass(frozen=True, slots=True)
class Recorded(Event):
    """The end of a run's record: no process of it is left. whole: the recorder saw everything to the end."""

    run: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A process as /proc shows it. state: one letter, as in proc(5): "Z" is a zombie."""

    pid: int
    parent: int
    state: str
    threads: int


@dataclass(frozen=True, slots=True)
class Census(Event):
    """All processes of the student's side, read from outside; the agent and its recorders left out.

    seconds: how long the reading took; it began at `at`.
    """

    processes: tuple[Seen, ...]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Arrived(Event):
    """A job of ours runs: it has called us, from this process by the kernel's word, and says in which thread.

    job: its name; one that begins with "main" is no job but the run's main code, which stands still until it is
    released. args: the reprs of what it was given.
    """

    run: str
    job: str
    pid: int
    parent: int
    thread: int
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Released(Event):
    """We let a job of ours go on. how: "return", "exit 3", "raise", "kill SIGKILL", …"""

    run: str
    job: str
    how: str


@dataclass(frozen=True, slots=True)
class Listening(Event):
    """A LISTEN row, or the bound UDP socket, of the student's appeared on this address and port."""

    address: str
    port: int


@dataclass(frozen=True, slots=True)
class NotListening(Event):
    """The run did not listen on the port it was given. others: where the student's side listens instead."""

    port: int
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Connected(Event):
    """A connection stands. by: "peer" (we called) or "student" (they called us)."""

    conn: str
    by: str


@dataclass(frozen=True, slots=True)
class Refused(Event):
    """Our connect failed, or nobody called us."""

    conn: str
    error: str


@dataclass(frozen=True, slots=True)
class Told(Event):
    """A message that our side is about to put on the wire (its bytes follow in Sent events)."""

    conn: str
    value: Value


@dataclass(frozen=True, slots=True)
class Sent(Event):
    """Bytes that we handed to the wire at once. data: all of them, or the beginning where size is larger."""

    conn: str
    data: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Drained(Event):
    """The student's process has taken every byte sent so far out of its receive queue.

    proof: "queue" (the queue in /proc/net/tcp is empty) or "delay" (only time has passed: no proof).
    """

    conn: str
    total: int
    proof: str = "queue"


@dataclass(frozen=True, slots=True)
class Unread(Event):
    """The student's process sleeps although this many bytes wait for it."""

    conn: str
    size: int


@dataclass(frozen=True, slots=True)
class Received(Event):
    conn: str
    data: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Ended(Event):
    """The student's side ended the conversation. how: "fin" or "reset"."""

    conn: str
    how: str


@dataclass(frozen=True, slots=True)
class Finished(Event):
    """We sent our FIN (half-close): the student's next recv past the data gives b''."""

    conn: str


@dataclass(frozen=True, slots=True)
class Reset(Event):
    """We sent an RST."""

    conn: str


@dataclass(frozen=True, slots=True)
class DatagramSent(Event):
    """A datagram from our socket `conn` to the address `to`. lost: on its way, by the script's will; nobody got it."""

    conn: str
    to: str
    data: bytes
    size: int
    lost: bool = False


@dataclass(frozen=True, slots=True)
class DatagramReceived(Event):
    """A datagram that arrived at our socket `conn`, from the address `source`. at: when it arrived."""

    conn: str
    source: str
    data: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Flow(Event):
    """All bytes of one direction of a connection.

    direction: "sent" (by us), "received" (by us), "due": what the specification asks the student's side to send; or
    the name of a part into which our peer has taken apart what it received.

    blocks: the first 16 hex digits of the sha256 of each 64 KiB block. head: the first bytes.
    """

    conn: str
    direction: str
    size: int
    blocks: tuple[str, ...]
    head: bytes


@dataclass(frozen=True, slots=True)
class Quiet(Event):
    """Proof of waiting: every process of the student sleeps, nothing is pending, and none has run since.

    run: the run that we waited for. waiting_for: what our side waited for. where: the student's line, if known.
    timed: no thread has stirred, but some wait has a time-out that is still to come: no proof, but a deadline.
    """

    run: str
    waiting_for: str
    where: Frame | None = None
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Busy(Event):
    """The student's process keeps a processor busy. share: (running + runnable) / elapsed of its busiest thread."""

    run: str
    share: float
    seconds: float
    where: Frame | None = None


@dataclass(frozen=True, slots=True)
class PassedOver(Event):
    """A program that never rests answered a bystander `turns` times, and in all that time did not do what we wait for.

    No proof, but a deadline that a slow machine cannot bring about: the program has had its turns on the processor.
    """

    run: str
    waiting_for: str
    turns: int
    seconds: float


@dataclass(frozen=True, slots=True)
class GaveUp(Event):
    """A deadline was reached without proof either way: no verdict, the case is played again with more time.

    turns: so often the program has gone to sleep and woken meanwhile, where it did nothing else.
    """

    waiting_for: str
    seconds: float
    run: str = ""
    where: Frame | None = None
    turns: int = 0


@dataclass(frozen=True, slots=True)
class Measured(Event):
    """A reading from outside the student's process. what: "threads", "sockets", "close-wait", "memory", …"""

    what: str
    value: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """Something that lies in a folder. kind: "file", "folder", "link" or "other".

    path: relative to the folder of the student's code; absolute where it lies elsewhere. Of a regular file: its size,
    the sha256 of all that it holds ("" where that could not be read, or was too much) and its first bytes.
    """

    path: str
    kind: str
    size: int = 0
    digest: str = ""
    head: bytes = b""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Listed(Event):
    """All that lies where the student's code can write. folder: that of the student's code. whole: nothing left out."""

    folder: str
    files: tuple[File, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Unproven(Event):
    """This machine cannot show something that a PASS needs (no /proc, say). FAIL stands; PASS becomes UNDECIDED."""

    reason: str


@dataclass(frozen=True, slots=True)
class Given(Event):
    """What a run found: a file in its folder, or (name "") the arguments of its entry as JSON."""

    run: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Kept(Event):
    """What was in a file of the run's folder when the run had ended. size -1: there was no such file."""

    run: str
    name: str
    text: str
    size: int


@dataclass(frozen=True, slots=True)
class Step(Event):
    """A step of a scheduled run that is told in full: this task went on from this line.

    task: "main", "1" (its first child), "1.t2" (that one's second thread). kind: "start", "step", "sleep", "wait" (it
    ends at some time), "time-out" (it is over) or "feed" (a queue's thread brings what was put). ready: the tasks that
    might have gone on instead. blocked: those that waited for something that only others could bring about.
    """

    run: str
    task: str
    kind: str
    where: Frame | None = None
    ready: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Did(Event):
    """In a step of a run that is told in full: what the task did to a thing that others share, by its own account.

    verb: "reads" or "writes" a file; "makes", "wants", "tries" (not for ever), "takes" or "frees" a lock.
    thing: a path, or a lock's name. shown: the beginning of what was in the file.
    """

    run: str
    task: str
    verb: str
    thing: str
    where: Frame | None = None
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Standing(Event):
    """Where a task stood when its scheduled run ended without it: where it waits for ever, in a deadlock."""

    run: str
    task: str
    where: Frame | None = None


@dataclass(frozen=True, slots=True)
class Scheduled(Event):
    """A run whose tasks (processes and threads) our side let go on one at a time has come to its end.

    how: "ended"; "deadlock": everything slept, nothing was pending, no wait had a time-out; "endless": it took more
    steps than any run needs; "slow": a deadline was reached; "unfollowed": it did things without asking (see reason).
    plan: how it was chosen who goes on ("random 7", "replay", …). schedule: who went on, as grader/schedule writes it.
    """

    run: str
    plan: str
    how: str
    schedule: str
    steps: int
    tasks: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Marked(Event):
    """The script enters a part of the case."""

    label: str


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Trace:
    """All events of one case, in the order of their times."""

    case: str
    events: tuple[Event, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    def of(self, kind: type[E], **fields: Any) -> tuple[E, ...]:
        """The events of one kind whose fields have these values."""
        found = [e for e in self.events if isinstance(e, kind)]
        for name, value in fields.items():
            found = [e for e in found if getattr(e, name) == value]
        return tuple(found)

    def first(self, kind: type[E], **fields: Any) -> E | None:
        return next(iter(self.of(kind, **fields)), None)

    def last(self, kind: type[E], **fields: Any) -> E | None:
        return next(reversed(self.of(kind, **fields)), None)


# --- results -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mistake:
    """A known mistake: what it is in one sentence, a hint that does not give the answer away, the wrong code."""

    code: str
    sentence: Text
    hint: Text
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One check's outcome. points counts only for PASS; of a bonus check it comes on top of the maximum."""

    id: str
    severity: Severity
    verdict: Verdict
    max_points: float
    requirement: Text
    case: str
    expected: Text | None = None
    actual: Text | None = None
    where: str | None = None
    mistake: str | None = None
    blocked_by: str | None = None
    deadline: bool = False  # a deadline was reached: play the case again before believing it

    @property
    def points(self) -> float:
        return self.max_points if self.verdict is Verdict.PASS else 0.0


# --- submissions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is graded, taken once: what was hashed is what runs.

    files: slug → module name → source bytes. refused: why nothing of it may be run. ignored: names left out.
    """

    student: str
    files: Mapping[str, Mapping[str, bytes]]
    sha256: str
    refused: Text | None = None
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a sandbox allows a submission."""

    memory_mib: int = 128
    processes: int = 48
    open_files: int = 128
    file_mib: int = 16
    cpus: float = 1.0
