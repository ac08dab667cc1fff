"""A conversation between the person at a run's terminal and our peer on the wire, line by line. Layer 1, pure.

The student's program stands between the two: what is typed must reach the peer, what the peer says must be printed.
Whether it was printed in time is the order of events: Asked stands after all that the program had printed before it
asked for a line (see grader/instrument/console.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from grader.model import (
    Asked,
    Connected,
    DatagramReceived,
    DatagramSent,
    Ended,
    Event,
    Flow,
    InputEnded,
    Received,
    Refused,
    Sent,
    Shown,
    Trace,
    Typed,
)
from grader.wire.terminal import readable


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and what came of it until the next.

    by: "person" (typed), "peer" (sent) or "end" (Ctrl-D). got: bytes that came on the wire. shown: what was printed
    before the program asked for a line. late: all that was printed after that, other lines' prints among them. asked:
    it asked for one. ended: "fin", "reset" or "": how it ended the connection.
    """

    by: str
    data: bytes
    got: bytes = b""
    shown: str = ""
    late: str = ""
    asked: bool = False
    ended: str = ""

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")

    @property
    def arrived(self) -> bool:
        return self.got == self.data

    @property
    def printed(self) -> bool:
        return ends_a_line(self.text, self.shown)

    @property
    def printed_late(self) -> bool:
        return ends_a_line(self.text, self.late)


def ends_a_line(text: str, shown: str) -> bool:
    """Whether one of the lines that a person reads there ends with this text; blanks behind it do not count."""
    rows = readable(shown).split("\n")
    return any(row[: len(row) - n].endswith(text) for row in rows for n in range(len(row) - len(row.rstrip()) + 1))


def lines(trace: Trace, run: str, conn: str) -> tuple[Line, ...]:
    """The lines of one conversation: of those of a server that serves one client after another, the one with `conn`."""
    parts: list[tuple[str, bytes, list[Event]]] = []  # who, what, and the events until the next line
    for e in _part(trace, conn):
        if opened := _opening(e, run, conn):
            parts.append((*opened, []))
        elif parts:
            parts[-1][2].append(e)
    found = []
    for i, (by, data, events) in enumerate(parts):
        later = [e for _, _, more in parts[i + 1 :] for e in more]
        found.append(_line(by, data, events, later, run, conn))
    return tuple(found)


def before(trace: Trace, run: str, conn: str) -> Line:
    """What came of nothing: on the wire and on the screen before the first line of a conversation."""
    events = list(takewhile(lambda e: not _opening(e, run, conn), _part(trace, conn)))
    return _line("", b"", events, [], run, conn)


def _line(by: str, data: bytes, events: list[Event], later: list[Event], run: str, conn: str) -> Line:
    asked = next((i for i, e in enumerate(events) if isinstance(e, Asked) and e.run == run), len(events))
    return Line(
        by,
        data,
        got=b"".join(e.data for e in events if isinstance(e, Received | DatagramReceived) and e.conn == conn),
        shown=_shown(events[:asked], run),
        late=_shown(events[asked:] + later, run),
        asked=asked < len(events),
        ended=next((e.how for e in events if isinstance(e, Ended) and e.conn == conn), ""),
    )


def _shown(events: list[Event], run: str) -> str:
    return "".join(e.text for e in events if isinstance(e, Shown) and e.run == run)


def _opening(e: Event, run: str, conn: str) -> tuple[str, bytes] | None:
    match e:
        case Typed(run=name) if name == run:
            return "person", e.text.encode()
        case InputEnded(run=name) if name == run:
            return "end", b""
        case Sent(conn=name) | DatagramSent(conn=name) if name == conn:
            return "peer", e.data
    return None


def _part(trace: Trace, conn: str) -> Iterator[Event]:
    """The events from one connection to the next, or all of them where there are no connections.

    Sums are drawn when the case is over: what a program does then, because our side has left, is none of it.
    """
    inside = not trace.of(Connected, conn=conn)
    for e in trace.events:
        if isinstance(e, Flow) and e.direction != "due":
            return
        if isinstance(e, Connected | Refused):
            inside = e.conn == conn
        if inside:
            yield e
