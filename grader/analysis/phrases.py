"""How each kind of event reads: who does it, and what is said of it. Layer 1, pure.

Rule 1: a row says what was seen, in words, and names no culprit. Rule 2: a kind is a line in the table; a kind in no
table is not shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.model import (
    Arrived,
    Asked,
    Busy,
    Called,
    Census,
    Connected,
    DatagramReceived,
    DatagramSent,
    Died,
    Ended,
    Event,
    Exited,
    Finished,
    Forked,
    Frame,
    GaveUp,
    InputEnded,
    Killed,
    Left,
    Listed,
    Listening,
    Marked,
    Measured,
    NotListening,
    PassedOver,
    Printed,
    Quiet,
    Raised,
    Reaped,
    Received,
    Refused,
    Released,
    Reset,
    Returned,
    Scheduled,
    Sent,
    Shown,
    Signalled,
    Stack,
    Started,
    Text,
    Typed,
    Unproven,
    Unread,
    Value,
    Vanished,
    say,
)
from grader.wire.terminal import readable

BYTES, BEGINNING = 16, 8  # so many are shown; of more only the beginning
SHOWN = 100  # characters of what a student's code returned, raised or printed
PAUSE = "main"  # what a job is called that is none: the run's main code, which stands still until we have looked


def phrase(e: Event) -> tuple[Text, Text] | None:
    """(who, what), or None where there is nothing to show."""
    if type(e) not in TABLE or (isinstance(e, Printed | Sent | Received) and not e.size):
        return None
    if isinstance(e, Shown) and not readable(e.text).strip():
        return None
    who, what = TABLE[type(e)]
    return BACK if isinstance(e, Connected) and e.by == "student" else who, what(e)


def octets(data: bytes, size: int) -> Text:
    """Bytes as hex with the printable text beside: `08 00 00 00 50 61  |....Pa|`."""
    shown = data if size <= BYTES else data[:BEGINNING]
    values = {"hex": shown.hex(" "), "size": f"{size:,}", "text": _printable(shown)}
    head = Text("{hex}", values) if size <= len(shown) else say("{hex} … ({size} bytes)", **values)
    return Text("{head}  |{text}|", {"head": head, **values}) if values["text"].strip(".") else head


PEER, BACK, YOU, WATCH = say("peer → you"), say("you → peer"), say("you"), say("watcher")
PERSON = say("person → you")

Saying = Callable[[Any], Text]

# The words that the instrument uses for what it waits for.
AWAITED = {
    "accept": say("our connection to be accepted"),
    "bytes": say("bytes from you"),
    "connect": say("a connection"),
    "datagram": say("a datagram"),
    "end": say("the connection to be closed"),
    "died": say("a process to end"),
    "exit": say("the process to end"),
    "gone": say("all its processes to be gone"),
    "job": say("the next job of ours to begin"),
    "left": say("the main code to end"),
    "line": say("you to ask for a line"),
    "listen": say("the port to be opened"),
    "print": say("you to print"),
    "read": say("our bytes to be read"),
    "return": say("the function to return"),
    "stop": say("the processes to be gone"),
}


# How a scheduled run came to its end.
SCHEDULED = {
    "ended": say("it ran to its end"),
    "deadlock": say("everything waits for ever"),
    "endless": say("it goes round without an end"),
    "slow": say("it was still not done when the time was up"),
    "unfollowed": say("it did things that we could not follow"),
}


def _at(text: Text, frame: Frame | None) -> Text:
    return Text("{text} ({where})", {"text": text, "where": frame}) if frame else text


def _raised(e: Raised) -> Text:
    values = {"error": e.error, "message": _short(e.message)}
    colon = Text("{error}: {message}" if e.message else "{error}", values)
    text = say("importing raises {error}", error=colon) if e.call < 0 else say("raises {error}", error=colon)
    return _at(text, e.frames[-1] if e.frames else None)


def _exited(e: Exited) -> Text:
    if e.signal:
        return say("process ended by {signal}", signal=e.signal)
    return say("process ends") if e.code == 0 else say("process ends with exit code {code}", code=e.code)


def _datagram(e: DatagramSent | DatagramReceived) -> Text:
    return octets(e.data, e.size) if e.size else say("an empty datagram")


def _sent(e: DatagramSent) -> Text:
    return say("{bytes}  lost on its way", bytes=_datagram(e)) if e.lost else _datagram(e)


def _died(e: Died) -> Text:
    if e.signal:
        return say("process {pid} is ended by {signal}", pid=e.pid, signal=e.signal)
    return say("process {pid} ends with exit code {code}", pid=e.pid, code=e.code)


def _counted(e: Census) -> Text:
    zombies = sum(s.state == "Z" for s in e.processes)
    return say("counts {n} processes, {zombies} of them zombies", n=len(e.processes), zombies=zombies)


def _arrived(e: Arrived) -> Text:
    if e.job.startswith(PAUSE):
        return say("the main code waits for our word")
    if e.thread != e.pid:
        return say("job {job} runs in thread {thread} of process {pid}", job=e.job, thread=e.thread, pid=e.pid)
    return say("job {job} runs in process {pid}", job=e.job, pid=e.pid)


def _released(e: Released) -> Text:
    if e.job.startswith(PAUSE):
        return say("lets the main code go on")
    return say("lets job {job} go on: {how}", job=e.job, how=e.how)


def _unheard(e: NotListening) -> Text:
    if e.others:
        return say("nobody listens on port {port}, but on {others}", port=e.port, others=", ".join(e.others))
    return say("nobody listens on port {port}", port=e.port)


def _awaited(e: Quiet | PassedOver | GaveUp) -> Text:
    return AWAITED.get(e.waiting_for, Text(e.waiting_for))


def _listed(e: Listed) -> Text:
    names = ", ".join(f.path for f in e.files if f.kind != "folder")
    return say("looks at the files: {names}", names=_short(names or "–"))


def _value(v: Value) -> str:
    return _short(v.shown or v.kind)


def _printed(e: Printed) -> Text:
    """Of a traceback the last line says most, of anything else the beginning."""
    lines = e.text.strip().splitlines() or [e.text]
    shown = _short(lines[-1] if e.stream == "stderr" else e.text.strip())
    return say(
        "wrote {size} bytes to {stream}: {text}", size=f"{e.size:,}", stream=e.stream, text=_short(shown.strip())
    )


def _shown(e: Shown) -> Text:
    return say("prints: {text}", text=_short(" ⏎ ".join(readable(e.text).strip("\n").split("\n"))))


def _short(s: str) -> str:
    return s if len(s) <= SHOWN else s[: SHOWN - 1] + "…"


TABLE: dict[type[Event], tuple[Text, Saying]] = {
    Started: (YOU, lambda e: say("starts: {entry}", entry=e.entry)),
    Called: (
        YOU,
        lambda e: Text("{name}({args})", {"name": e.name, "args": _short(", ".join(map(_value, e.args)))}),
    ),
    Returned: (YOU, lambda e: say("returns {value}", value=_value(e.value))),
    Raised: (YOU, _raised),
    Printed: (YOU, _printed),
    Shown: (YOU, _shown),
    Asked: (YOU, lambda e: say("asks for a line")),
    Typed: (PERSON, lambda e: say("types: {text}", text=_short(e.text) or "⏎")),
    InputEnded: (PERSON, lambda e: say("types Ctrl-D: the input ends")),
    Exited: (YOU, _exited),
    Left: (YOU, lambda e: say("the main code has ended")),
    Forked: (YOU, lambda e: say("process {by} starts process {pid}", by=e.by, pid=e.pid)),
    Killed: (YOU, lambda e: say("process {by} sends {signal} to process {pid}", by=e.by, signal=e.signal, pid=e.pid)),
    Died: (YOU, _died),
    Reaped: (YOU, lambda e: say("process {by} collects process {pid}", by=e.by, pid=e.pid)),
    Census: (WATCH, _counted),
    Arrived: (YOU, _arrived),
    Released: (WATCH, _released),
    Stack: (WATCH, lambda e: _at(say("your code stands here"), e.frames[0] if e.frames else None)),
    Signalled: (WATCH, lambda e: say("sends {signal} to your process", signal=e.signal)),
    Vanished: (WATCH, lambda e: say("the process that looks after your code is gone: {reason}", reason=Text(e.reason))),
    Listening: (YOU, lambda e: say("listens on {address}, port {port}", address=e.address, port=e.port)),
    NotListening: (WATCH, _unheard),
    Connected: (PEER, lambda e: say("connects")),
    Refused: (PEER, lambda e: say("no connection: {error}", error=e.error)),
    Sent: (PEER, lambda e: octets(e.data, e.size)),
    Received: (BACK, lambda e: octets(e.data, e.size)),
    DatagramSent: (PEER, _sent),
    DatagramReceived: (BACK, _datagram),
    Unread: (WATCH, lambda e: say("your code sleeps, {size} bytes lie unread", size=f"{e.size:,}")),
    Ended: (BACK, lambda e: say("FIN: has closed") if e.how == "fin" else say("RST: has cut the connection")),
    Finished: (PEER, lambda e: say("FIN: sends no more")),
    Reset: (PEER, lambda e: say("RST: cuts the connection")),
    Quiet: (
        WATCH,
        lambda e: _at(say("your code sleeps and nothing is pending; we wait for {what}", what=_awaited(e)), e.where),
    ),
    Busy: (
        WATCH,
        lambda e: say(
            "keeps a processor busy: {share} % of {seconds} s",
            share=round(e.share * 100),
            seconds=f"{e.seconds:.1f}",
        ),
    ),
    PassedOver: (
        WATCH,
        lambda e: say(
            "your code goes round and answers another client, {n} times in {seconds} s; we wait for {what}",
            n=e.turns,
            seconds=f"{e.seconds:.1f}",
            what=_awaited(e),
        ),
    ),
    GaveUp: (
        WATCH,
        lambda e: _at(
            say("gave up after {seconds} s waiting for {what}", seconds=f"{e.seconds:.1f}", what=_awaited(e)),
            e.where,
        ),
    ),
    Measured: (
        WATCH,
        lambda e: Text("{what}: {value} {unit}", {"what": Text(e.what), "value": f"{e.value:g}", "unit": e.unit}),
    ),
    Scheduled: (WATCH, lambda e: say("schedule {plan}: {how}", plan=e.plan, how=SCHEDULED.get(e.how, Text(e.how)))),
    Listed: (WATCH, _listed),
    Unproven: (WATCH, lambda e: say("cannot be proved here: {reason}", reason=Text(e.reason))),
    Marked: (WATCH, lambda e: Text("— {label} —", {"label": Text(e.label)})),
}


def _printable(data: bytes) -> str:
    return "".join(c if c.isprintable() and c != "\ufffd" else "." for c in data.decode("utf-8", "replace"))
