"""A trace as rows for a person: when, who, what. Layer 1, pure.

One screen at most: long runs of alike rows are folded into one, and of what is still too long the beginning, the end
and the neighbourhood of the trouble stay. A piece that we sent and the proof that it was read are one row, because
that is the point of sending in pieces. How a kind of event reads is the business of phrases.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from grader.analysis.phrases import phrase
from grader.model import (
    Busy,
    Called,
    Connected,
    DatagramReceived,
    DatagramSent,
    Drained,
    Event,
    GaveUp,
    NotListening,
    PassedOver,
    Printed,
    Quiet,
    Raised,
    Received,
    Refused,
    Sent,
    Shown,
    Text,
    Trace,
    Unread,
    Vanished,
    say,
)

LIMIT = 24  # rows
HEAD, BEFORE, AFTER, TAIL = 4, 10, 2, 5  # with the trouble's own row and two gaps not more than LIMIT
FIRST, LAST = 3, 1  # what stays of a folded run
FOLD = 7  # shorter runs stay whole


@dataclass(frozen=True, slots=True)
class Row:
    """at: seconds since the case began; None where the row stands for rows that were left out."""

    at: float | None
    who: Text
    what: Text


@dataclass(frozen=True, slots=True)
class _Step:
    row: Row
    event: Event
    read: bool = False

    @property
    def alike(self) -> tuple[object, ...]:
        return type(self.event), self.row.who, self.read


def rows(trace: Trace, where: str | None = None) -> tuple[Row, ...]:
    """At most `LIMIT` rows. where: "file.py:18" of the failure, so that the rows before it are kept."""
    steps = [s for run in _runs(_steps(trace)) for s in _folded(run)]
    return tuple(_window(steps, _trouble(steps, where)))


FOLDED: dict[tuple[type[Event], bool], Callable[[int], Text]] = {
    (Sent, True): lambda n: say("… {n} more pieces, each read before the next was sent", n=n),
    (Sent, False): lambda n: say("… {n} more pieces", n=n),
    (Received, False): lambda n: say("… {n} more pieces", n=n),
    (DatagramSent, True): lambda n: say("… {n} more datagrams", n=n),
    (DatagramSent, False): lambda n: say("… {n} more datagrams", n=n),
    (DatagramReceived, False): lambda n: say("… {n} more datagrams", n=n),
    (Connected, False): lambda n: say("… {n} more connections", n=n),
    (Called, False): lambda n: say("… {n} more calls", n=n),
}

STUCK = (Quiet, Busy, PassedOver, GaveUp, Vanished, Unread, Refused, NotListening)


def _steps(trace: Trace) -> list[_Step]:
    """One step per event worth showing; the proof that a piece was read is a mark on that piece."""
    label = _labels(trace)
    said = {(e.run, "stderr") for e in trace.of(Raised)} | {(e.run, "stdout") for e in trace.of(Shown)}
    steps: list[_Step] = []
    sent: dict[str, int] = {}  # connection → the step of its latest piece
    for e in trace.events:
        if isinstance(e, Drained):
            if e.proof == "queue" and e.conn in sent:  # "delay" proves nothing
                steps[sent[e.conn]] = _marked_read(steps[sent[e.conn]])
        elif (found := phrase(e)) and not _said_before(e, said):
            if isinstance(e, Sent | DatagramSent):
                sent[e.conn] = len(steps)
            who, what = found
            steps.append(_Step(Row(e.at, label(who, e), what), e))
    return steps


def _said_before(e: Event, said: set[tuple[str, str]]) -> bool:
    """The traceback of an exception that has a row of its own; what was on a terminal, row by row."""
    return isinstance(e, Printed) and (e.run, e.stream) in said


def _marked_read(step: _Step) -> _Step:
    if step.read:
        return step
    return replace(step, row=replace(step.row, what=say("{bytes}  read", bytes=step.row.what)), read=True)


def _labels(trace: Trace) -> Callable[[Text, Event], Text]:
    """Names the connection or the run in a row, where there is more than one of its sort."""
    names = {kind: {n for e in trace.events if (n := getattr(e, kind, ""))} for kind in ("conn", "run")}

    def label(who: Text, e: Event) -> Text:
        name = next((n for kind, all_ in names.items() if len(all_) > 1 and (n := getattr(e, kind, ""))), "")
        return Text("{who} [{name}]", {"who": who, "name": name}) if name else who

    return label


def _runs(steps: Sequence[_Step]) -> Iterator[list[_Step]]:
    for _, run in groupby(steps, key=lambda s: s.alike):
        yield list(run)


def _folded(run: list[_Step]) -> list[_Step]:
    said = FOLDED.get((type(run[0].event), run[0].read))
    if said is None or len(run) < FOLD:
        return run
    gap = run[FIRST]
    fold = replace(gap, row=Row(None, gap.row.who, said(len(run) - FIRST - LAST)))
    return [*run[:FIRST], fold, *run[-LAST:]]


def _trouble(steps: Sequence[_Step], where: str | None) -> int:
    """The index of the row that shows the failure best.

    That is its own line, else where the code first got stuck; else the last exception, since those before it may have
    been asked for; else the end.
    """
    there = [i for i, s in enumerate(steps) if where and where in _places(s.event)]
    stuck = [i for i, s in enumerate(steps) if isinstance(s.event, STUCK)]
    raised = [i for i, s in enumerate(steps) if isinstance(s.event, Raised)]
    return (there[:1] or stuck[:1] or raised[-1:] or [len(steps) - 1])[0]


def _places(e: Event) -> list[str]:
    frames = (*getattr(e, "frames", ()), getattr(e, "where", None))
    return [str(f) for f in frames if f is not None]


def _window(steps: Sequence[_Step], trouble: int) -> Iterator[Row]:
    n = len(steps)
    near = {*range(HEAD), *range(trouble - BEFORE, trouble + AFTER + 1), *range(n - TAIL, n)}
    kept = [i for i in range(n) if n <= LIMIT or i in near]
    for before, i in zip([-1, *kept], kept, strict=False):
        if i - before > 1:
            yield Row(None, Text(""), say("… {n} more rows", n=i - before - 1))
        yield steps[i].row
