"""Peers for streams in pieces: frames of at most 65,536 bytes, and one of length 0 as the end.

One sends a stream and gets back, over a second connection, what the student's program wrote to its sink; one takes a
stream apart that the student's program sends. Neither believes a frame: pieces of any length can be sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, chain, pairwise
from typing import Literal

from grader.instrument import Connection, Listener, Run, Stage
from grader.instrument.procfs import resting
from grader.model import Flow
from grader.wire import frames, payload
from grader.wire.payload import FlowMeter

PIECE = 65_536
KEPT = 65_536  # bytes of what a sink got
PORTION = 50  # a stream is waited for in so many portions: a slow program has time for each
Content = tuple[bytes, int]  # (unit, size): so many bytes, made of the unit


def blocks(content: Content, size: int = PIECE) -> Iterator[bytes]:
    """The content in pieces of this size, made one by one: our side does not keep it either."""
    unit, total = content
    longer = unit * (size // len(unit) + 2)
    for at in range(0, total, size):
        start = at % len(unit)
        yield longer[start : start + min(size, total - at)]


def spread(content: Content) -> bytes:
    return b"".join(blocks(content))


def octets(stage: Stage, size: int) -> Content:
    """Random content: a unit of a prime length that no size of a piece divides."""
    return stage.rng.randbytes(min(size, 4093) or 1), size


def letters(stage: Stage, size: int) -> Content:
    """The same of letters, where a person will look at it."""
    return payload.text(stage.rng, 997, payload.PLAIN).encode()[: size or 1], size


def pieces(stage: Stage, *sizes: int) -> list[bytes]:
    """Random pieces of these sizes."""
    data, ends = spread(octets(stage, sum(sizes))), list(accumulate(sizes, initial=0))
    return [data[a:b] for a, b in pairwise(ends)]


def cut(data: bytes, points: Iterable[int]) -> list[bytes]:
    """The data cut at these offsets."""
    return [data[a:b] for a, b in pairwise((0, *points, len(data)))]


def described(content: Content) -> tuple[str, int]:
    """As driver.py wants it."""
    unit, size = content
    return unit.hex(), size


def framed(stage: Stage, *pieces: bytes) -> list[bytes]:
    """The frames of these pieces, in the course's byte order. An empty piece gives the end frame."""
    return [frames.encode(p, stage.options["byte_order"]) for p in pieces]


def portions(stage: Stage, content: Content, size: int) -> Iterator[bytes]:
    """A whole stream of full pieces in so large parts, made one by one and cut wherever that falls."""
    waiting = bytearray()
    for piece in chain(blocks(content), [b""]):
        waiting += framed(stage, piece)[0]
        if len(waiting) >= size:
            yield bytes(waiting[:size])
            del waiting[:size]
    yield bytes(waiting)


# --- to the student's receiver --------------------------------------------------------------------------------------


@dataclass
class Receiver:
    """The student's recv_stream: `wire` leads to it, `sink` leads back what it has written.

    written: the beginning of that; all of it is in the trace, as a flow.
    """

    stage: Stage
    run: Run
    wire: Connection
    sink: Connection
    written: bytearray = field(default_factory=bytearray)

    def feed(self, *pieces: bytes) -> bool:
        """Each piece only after the one before has been read; what the sink gets is taken in meanwhile."""
        fed = all(self.wire.pour(p, self.sink) for p in pieces if p)
        self._take()
        return fed

    def returned(self, count: int = 1) -> bool:
        """Waits until so many calls have come to their end."""
        return self._until(lambda: len(self.run.outcomes) >= count, "return")

    def part(self, answers: int = 1) -> None:
        """The answers first, then our FIN, then its end."""
        self.returned(answers)
        self.end()

    def end(self) -> None:
        self.wire.finish()
        self._until(lambda: not self.sink.alive, "end")
        self.wire.receive_to_end(KEPT)
        while self._take():
            pass

    def _until(self, done: Callable[[], bool], waiting_for: str) -> bool:
        def met() -> bool:
            self._take()
            return done()

        return self.stage.until(met, waiting_for, self.run, reading=[self.sink.sock] if self.sink.alive else [])

    def _take(self) -> int:
        """Takes in some of what has come by now; how many bytes that were."""
        self.sink.look()
        size = len(self.sink.data)
        self.written += self.sink.data[: KEPT - len(self.written)]
        self.sink.data.clear()
        return size


def receiver(stage: Stage, name: str, due: Iterable[bytes] = (), **options: object) -> Receiver:
    """Starts the student's recv_stream on a fresh connection. due: what its sink is to get."""
    listener = stage.listen()
    host, port = listener.address
    run = stage.start("receive", {"host": host, "port": port, **options}, name=name)
    return accepted(stage, listener, run, name, due)


def accepted(stage: Stage, listener: Listener, run: Run, name: str, due: Iterable[bytes]) -> Receiver:
    """The next two connections of a run: that of the stream and that of its sink."""
    wire, sink = listener.accept(name, run), listener.accept(f"{name}: sink", run)
    record(stage, sink.name, "due", metered(due))
    return Receiver(stage, run, wire, sink)


# --- from the student's sender --------------------------------------------------------------------------------------


class Taker:
    """Takes apart what comes: the payload of the pieces, until a frame of length 0 or one that there cannot be.

    state: "unfinished" (neither has come), "ended" or "unreadable". rest: the bytes from there on.
    """

    def __init__(self, byte_order: str) -> None:
        self.payload = FlowMeter()
        self.state = "unfinished"
        self.rest = bytearray()
        self._order: Literal["little", "big"] = "big" if byte_order == "big" else "little"

    def feed(self, data: bytes | bytearray) -> None:
        self.rest += data
        while self.state == "unfinished" and len(self.rest) >= frames.HEADER:
            size = int.from_bytes(self.rest[: frames.HEADER], self._order, signed=True)
            end = frames.HEADER + size
            if not 0 <= size <= PIECE:
                self.state = "unreadable"
            elif len(self.rest) < end:
                return
            else:
                self.state = self.state if size else "ended"
                self.payload.add(self.rest[frames.HEADER : end])
                del self.rest[:end]


@dataclass
class Sender:
    """The student's send_stream at the other end of `wire`."""

    run: Run
    wire: Connection
    due: int

    def hear(self, stage: Stage, meanwhile: Callable[[], object] = lambda: None) -> Taker:
        """Reads until send_stream has returned or our side has had far more than is due; nothing is ended yet.

        meanwhile: is called after each portion.
        """
        taker, most = Taker(stage.options["byte_order"]), 2 * self.due + 4096
        while self.wire.alive and self.wire.received < most:
            if stage.over or self.run.outcomes or self.run.exited:
                break
            self._take(stage, taker)
            meanwhile()
        return taker

    def _take(self, stage: Stage, taker: Taker) -> None:
        goal = self.wire.received + max(1000, self.due // PORTION)

        def done() -> bool:
            self.wire.look()
            return self.wire.received >= goal or bool(self.run.outcomes) or not self.wire.alive

        stage.until(done, "bytes", self.run, reading=[self.wire.sock])
        taker.feed(self.wire.data)
        self.wire.data.clear()

    def part(self, stage: Stage, taker: Taker) -> None:
        """Our FIN, then the rest and its end; records what came, taken apart."""
        self.wire.finish()
        taker.feed(self.wire.receive_to_end(2 * self.due + 4096))
        self.run.wait()
        record(stage, self.wire.name, "payload", taker.payload)
        record(stage, self.wire.name, taker.state, metered([taker.rest]))


def sender(stage: Stage, name: str, content: Content, receive_buffer: int = 0, **options: object) -> Sender:
    """Starts the student's send_stream with a source of this content on a fresh connection."""
    listener = stage.listen(receive_buffer=receive_buffer)
    host, port = listener.address
    run = stage.start("send", {"host": host, "port": port, "data": described(content), **options}, name=name)
    wire = listener.accept(name, run)
    record(stage, name, "due", metered(blocks(content)))
    return Sender(run, wire, content[1])


def metered(pieces: Iterable[bytes | bytearray]) -> FlowMeter:
    meter = FlowMeter()
    for piece in pieces:
        meter.add(piece)
    return meter


def record(stage: Stage, conn: str, direction: str, meter: FlowMeter) -> None:
    stage.record(Flow(stage.now(), conn, direction, meter.size, meter.blocks(), meter.head))


# --- readings -------------------------------------------------------------------------------------------------------


def processor(stage: Stage) -> float:
    """Seconds that the student's side has computed so far, read when it rests; some programs never do."""
    latest = stage.now() + 0.02
    stage.until(lambda: resting(stage.watcher.tasks()) or stage.now() > latest, "rest", None, polling=True)
    return sum(t.ran for t in stage.watcher.tasks()) / 1e9
