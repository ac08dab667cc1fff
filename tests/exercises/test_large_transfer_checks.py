"""What the checks of `large_transfer` read out of traces, and how its peer takes a stream apart.

A conversation is told in few words: what our side meant, then what the student's side did.
"""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.catalog import find_course
from grader.judge import judge_trace
from grader.model import (
    Busy,
    Connected,
    Event,
    Exited,
    Flow,
    Frame,
    Marked,
    Measured,
    Quiet,
    Raised,
    Result,
    Returned,
    Sent,
    Told,
    Trace,
    Verdict,
)
from grader.wire import frames
from grader.wire.payload import FlowMeter, value_of
from reference.peers.streams import PIECE, Taker, blocks, cut, spread

EXERCISE = find_course(Path(__file__).parents[2]).exercise("large_transfer")
CHECKS = {c.id.removeprefix("large_transfer."): c for c in EXERCISE.checks}
CONTENT = bytes(range(100, 200))
END = bytes(4)


def judged(check: str, *events: Event) -> Result:
    timed = tuple(dataclasses.replace(e, at=float(i)) for i, e in enumerate(events))
    return judge_trace(CHECKS[check], Trace(check, timed, {"byte_order": "little"}))


# --- words for events ----------------------------------------------------------------------------------------------


def flow(conn: str, direction: str, data: bytes) -> Flow:
    meter = FlowMeter()
    meter.add(data)
    return Flow(0, conn, direction, meter.size, meter.blocks(), meter.head)


def gave(*values: object, run: str = "a") -> list[Event]:
    return [Returned(0, run, i, value_of(v)) for i, v in enumerate(values)]


def raised(error: BaseException, run: str = "a", name: str = "") -> list[Event]:
    bases = tuple(c.__name__ for c in type(error).__mro__)
    return [Raised(0, run, 0, name or bases[0], (name, *bases) if name else bases, str(error))]


def chosen(error: BaseException, run: str = "a") -> list[Event]:
    """As a line that says so raises it."""
    line = Frame("transfer.py", 9, "recv_stream", f"raise {type(error).__name__}")
    return [dataclasses.replace(e, frames=(line,)) for e in raised(error, run) if isinstance(e, Raised)]


def waits(run: str = "a") -> list[Event]:
    return [Quiet(0, run, "return")]


def sent(raw: bytes, due: bytes = CONTENT, conn: str = "a") -> list[Event]:
    """send_stream was to send what is due, and put these bytes on the wire (without the driver's last one)."""
    taker = Taker("little")
    taker.feed(raw)
    flows = flow(conn, "received", raw), flow(conn, taker.state, bytes(taker.rest))
    payload = Flow(0, conn, "payload", taker.payload.size, taker.payload.blocks(), taker.payload.head)
    return [Connected(0, conn, "student"), flow(conn, "due", due), payload, *flows]


def received(written: bytes, due: bytes = CONTENT, conn: str = "a", first: int = 100) -> list[Event]:
    """recv_stream was to write what is due, in pieces of which the first has so many bytes, and wrote this."""
    wire = frames.encode(due[:first])
    flows = flow(f"{conn}: sink", "due", due), flow(f"{conn}: sink", "received", written), flow(conn, "sent", wire)
    ends = [Connected(0, conn, "student"), Connected(0, f"{conn}: sink", "student")]
    return [*ends, Sent(0, conn, wire, len(wire)), *flows]


def told(*values: object, run: str = "bytes") -> list[Event]:
    return [Told(0, run, value_of(v)) for v in values]


def framed(*pieces: bytes) -> bytes:
    return b"".join(map(frames.encode, pieces))


REFUSED = [*raised(ValueError(), "0"), *raised(ValueError(), "-1")]
RESET = raised(ConnectionResetError())
CLOSED = OSError(9, "Bad file descriptor")
HALF, REST = CONTENT[:50], CONTENT[50:]
GOOD = framed(HALF, REST, b"")
BIG = spread((CONTENT, PIECE + 1))
BETWEEN = received(b"", conn="between")
LONG = spread((CONTENT, 10 * PIECE))

# --- which mistake is it? --------------------------------------------------------------------------------------------

NAMED = [
    # what is due, what the student's side did
    ("split.pieces", told([b"abc", b"d"]), gave([b"abc", b"d", b""], run="bytes"), "empty-piece"),
    ("split.pieces", told([b"abc", b"d"]), gave([b"abc"], run="bytes"), "lost-tail"),
    ("split.pieces", told([b"abc", b"d"]), gave([b"ab", b"cd"], run="bytes"), "off-by-one"),
    ("split.pieces", told([b"abc", b"d"]), gave([b"abc", b"cd"], run="bytes"), "off-by-one"),
    ("split.pieces", told([b"abc", b"d"]), gave([b"abc", b"d\0\0"], run="bytes"), "pads-the-tail"),
    ("split.pieces", told([b"abc", b"d"]), gave([b"abd", b"c"], run="bytes"), None),
    ("split.pieces", told([b"abc", b"d"]), gave(["abc", "d"], run="bytes"), "not-pieces"),
    ("split.pieces", told([b"abc", b"d"]), gave(None, run="bytes"), "returns-nothing"),
    ("split.pieces", told([b"abc", b"d"]), raised(NameError("x"), "bytes"), None),
    ("split.pieces", told([b"abc"] * 9), gave([b"abc" * 9], run="bytes"), "other-size"),
    ("split.default-size", told([b"a" * 9]), gave([b"a" * 5, b"a" * 4], run="bytes"), "other-size"),
    ("split.bad-size", [], gave([], run="0"), "no-size-check"),
    ("split.bad-size", raised(ValueError("0"), "0"), [Busy(0, "-1", 1.0, 2.0)], "no-size-check"),
    ("split.bad-size", [], chosen(AssertionError(), "0"), "other-exception"),
    ("split.bad-size", REFUSED, chosen(ValueError(), "131072"), "limits-the-size"),
    ("merge.pieces", told(b"abcd", run="list"), gave(b"dcba", run="list"), "wrong-order"),
    ("merge.pieces", told(b"abcd", run="list"), gave(b"ab", run="list"), "stops-at-empty"),
    ("merge.pieces", told(b"abcd", run="list"), gave("abcd", run="list"), "as-text"),
    ("merge.pieces", told(b"", run="list"), raised(TypeError("empty iterable"), "list"), "nothing-to-join"),
    ("send.one", sent(framed(HALF, REST)), gave(None), "missing-end"),
    ("send.one", sent(GOOD + END), gave(None), "end-twice"),
    ("send.one", sent(GOOD + b"\r\n"), gave(None), "adds-bytes"),
    ("send.one", sent(framed(HALF, b"", REST, b"")), gave(None), "empty-piece"),
    ("send.one", sent(framed(HALF, b"")), gave(None), "stops-early"),
    ("send.one", sent(framed(CONTENT + bytes(50), b"")), gave(None), "stale-buffer"),
    ("send.one", sent(CONTENT), gave(None), "no-header"),
    ("send.one", sent(b"0100" + CONTENT + b"0000"), gave(None), "length-as-digits"),
    ("send.one", sent(bytes([100, 0, 0, 0, 0, 0, 0, 0]) + CONTENT + bytes(8)), gave(None), "wrong-width"),
    ("send.one", sent(frames.encode(CONTENT, "big") + END), gave(None), "byte-order"),
    ("send.one", sent(frames.header(104) + CONTENT + END), gave(None), "counts-header"),
    ("send.one", sent(framed(CONTENT)), waits(), "acknowledges"),
    ("send.one", sent(b""), [Busy(0, "a", 1.0, 2.0)], "spins-at-end"),
    ("send.one", sent(framed(HALF)), [Exited(0, "a", None, "SIGKILL")], "whole-in-memory"),
    ("send.one", sent(b""), raised(CLOSED), "closes-socket"),
    ("send.one", sent(b""), raised(AttributeError("'Source' object has no attribute 'name'")), "needs-a-disk-file"),
    ("send.one", sent(b""), raised(AttributeError("'Source' object has no attribute 'raed'")), None),
    ("send.one", sent(framed(CONTENT) + b"EOF!"), gave(None), "missing-end"),
    ("send.one", sent(GOOD + END * 9), raised(BrokenPipeError()), "spins-at-end"),
    ("send.sizes", sent(framed(BIG, b""), BIG, "a zero"), gave(None, run="a zero"), "piece-too-long"),
    ("send.short-reads", sent(framed(HALF, b"")), gave(None), "short-read-is-end"),
    ("send.stalled-reader", sent(framed(HALF)[:20] + framed(REST, b"")), gave(None), "send-not-sendall"),
    ("send.source-error", sent(GOOD), raised(OSError(5, "EIO")), "end-after-error"),
    ("send.source-error", sent(framed(HALF)), gave(None), "swallows-errors"),
    ("send.source-error", sent(framed(HALF)), chosen(RuntimeError("wrapped")), "other-exception"),
    ("send.source-error", sent(framed(HALF)), raised(TypeError("NoneType")), None),  # an accident
    ("send.reset", sent(framed(HALF)), gave(None), "swallows-errors"),
    ("recv.one", received(frames.encode(CONTENT)), gave(100), "no-frames"),
    ("recv.one", received(frames.encode(CONTENT)), waits(), "no-frames"),
    ("recv.one", received(CONTENT + bytes(28)), gave(128), "stale-buffer"),
    ("recv.one", received(HALF, first=50), gave(50), "short-piece-is-end"),
    ("recv.one", received(b""), [*waits(), *received(CONTENT, conn="8-byte"), *gave(9, run="8-byte")], "wrong-width"),
    ("recv.one", [*received(CONTENT), flow("a", "received", b"ok!")], gave(100), "acknowledges"),
    ("recv.one", received(CONTENT), waits(), "end-frame-ignored"),
    ("recv.one", received(CONTENT.decode(errors="ignore").encode()), gave(9), "as-text"),
    ("recv.count", received(CONTENT), gave(104), "wrong-count"),
    ("recv.count", received(CONTENT), gave(None), "returns-nothing"),
    ("recv.empty", received(b"", b""), raised(ValueError("empty")), "empty-is-error"),
    ("recv.empty", received(b"", b""), gave(None), "wrong-count"),
    ("recv.header-split", received(b""), raised(Exception("unpack"), name="struct.error"), "single-recv"),
    ("recv.payload-split", received(HALF), waits(), "single-recv"),
    ("recv.payload-split", received(HALF + CONTENT), gave(100), "stale-buffer"),
    ("recv.payload-split", received(CONTENT + b"\0\0"), waits(), "over-read"),
    ("recv.glued", received(HALF), waits(), "over-read"),
    ("recv.glued", received(HALF), raised(ConnectionError()), "single-recv"),
    ("recv.sizes", received(b"", BIG, first=PIECE), raised(ValueError("65536")), "limit-off-by-one"),
    ("recv.sizes", received(CONTENT[:-2]), gave(98), "changes-bytes"),
    ("recv.large", received(b"\0" * 9, BIG), raised(ValueError("length")), None),  # out of step, but why?
    ("recv.large", received(LONG[: 9 * PIECE], LONG, first=PIECE), raised(ValueError("too long")), "limits-the-stream"),
    ("recv.large", received(LONG[:-9], LONG, first=PIECE), raised(ValueError("length")), None),
    ("recv.large", received(b"", BIG, first=PIECE), raised(RecursionError()), "recursion"),
    ("recv.large", received(b"", BIG, first=PIECE), [Exited(0, "a", None, "SIGKILL")], "whole-in-memory"),
    ("recv.end-missing", received(HALF, conn="50"), gave(50, run="50"), "eof-as-end"),
    ("recv.end-missing", received(b"", conn="2"), raised(Exception(), "2", "struct.error"), "eof-not-seen"),
    ("recv.end-missing", received(b"", conn="2"), [Busy(0, "2", 1.0, 2.0)], "spins-on-eof"),
    ("recv.end-missing", received(b"", conn="2"), raised(EOFError(), "2"), "other-exception"),
    ("recv.bad-length", received(b"", conn="65537"), waits("65537"), "no-limit"),
    ("recv.bad-length", received(b"", conn="-1"), gave(0, run="-1"), "negative-length"),
    ("recv.bad-length", received(b"", conn="65537"), chosen(ConnectionError(), "65537"), "other-exception"),
    ("recv.pause", received(HALF), [*gave(50), Marked(0, "the rest")], "timeout-is-end"),
    ("recv.again", received(CONTENT), [*received(CONTENT, conn="again"), *gave(100, 200)], "kept-from-before"),
    ("recv.reset", received(b""), gave(0), "swallows-errors"),
    ("recv.reset", [*received(b""), *RESET, *BETWEEN], gave(0, run="between"), "swallows-errors"),
    ("recv.sink-error", received(b""), gave(0), "swallows-errors"),
    ("recv.sink-error", received(b""), chosen(ConnectionError()), "other-exception"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "due", "done", "mistake"), NAMED)
def test_a_failure_names_its_mistake_or_none(
    check: str, due: list[Event], done: list[Event], mistake: str | None
) -> None:
    result = judged(check, *due, *done)
    assert (result.verdict, result.mistake) == (Verdict.FAIL, mistake)
    assert mistake is None or mistake in {*EXERCISE.mistakes, "ends-the-interpreter"}


RIGHT = [
    ("split.pieces", told([b"abc", b"d"], []), gave([b"abc", memoryview(b"d")], [], run="bytes")),
    ("split.bad-size", REFUSED, gave([b"abc"], run="131072")),
    ("merge.pieces", told(b"abcd", run="list"), gave(bytearray(b"abcd"), run="list")),
    ("send.one", sent(GOOD + b"!"), gave(None)),
    ("send.one", sent(framed(*(bytes([b]) for b in CONTENT), b"")), gave("what it returns is free")),
    ("send.empty", sent(END, b""), gave(None)),
    ("send.source-error", sent(framed(HALF)), raised(OSError("[Errno 5] Input/output error"))),
    ("send.leaves-open", sent(GOOD + b"!"), gave(None)),
    ("recv.one", [*received(CONTENT), flow("a", "received", b"!")], gave(None)),
    ("recv.end-missing", received(HALF, conn="50"), raised(ConnectionResetError(), "50")),
    ("recv.bad-length", received(b"", conn="-1"), raised(UnicodeDecodeError("u", b"", 0, 1, ""), "-1")),
    ("recv.pause", received(CONTENT), [Marked(0, "the rest"), *gave(100)]),
]


@pytest.mark.parametrize(("check", "due", "done"), RIGHT)
def test_what_is_right_passes(check: str, due: list[Event], done: list[Event]) -> None:
    result = judged(check, *due, *done)
    assert (result.verdict, str(result.expected)) == (Verdict.PASS, "None")


# --- growth ----------------------------------------------------------------------------------------------------------


def readings(few: float, many: float) -> list[Event]:
    names = "processor time of few pieces", "processor time of eight times as many"
    return [*gave(1, 2, 3, 4, 5), *(Measured(0, n, v, "ms") for n, v in zip(names, (few, many), strict=True))]


@pytest.mark.parametrize(
    ("few", "many", "verdict"),
    [
        (1.0, 8.0, Verdict.PASS),
        (0.1, 9.0, Verdict.PASS),  # so little that it is noise
        (100.0, 800.0, Verdict.PASS),  # however slow
        (5.0, 320.0, Verdict.FAIL),
        (500.0, 32_000.0, Verdict.FAIL),
    ],
)
def test_time_is_judged_by_its_growth_alone(few: float, many: float, verdict: Verdict) -> None:
    result = judged("merge.linear", *readings(few, many))
    assert (result.verdict, result.mistake) == (verdict, "quadratic" if verdict is Verdict.FAIL else None)


@pytest.mark.parametrize(("grown", "verdict"), [(-0.1, Verdict.PASS), (2.5, Verdict.PASS), (16.2, Verdict.FAIL)])
def test_memory_is_judged_by_its_growth_alone(grown: float, verdict: Verdict) -> None:
    assert judged("recv.memory", Measured(0, "memory taken for the large one", grown, "MiB")).verdict is verdict


@pytest.mark.parametrize("check", ["recv.memory", "send.memory", "recv.linear", "merge.linear"])
def test_without_a_reading_nothing_is_decided(check: str) -> None:
    assert judged(check, *gave(1, 2, 3, 4, 5)).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_an_empty_trace_never_passes(check: str) -> None:
    assert judged(check).verdict is not Verdict.PASS


# --- the peer --------------------------------------------------------------------------------------------------------

PIECES = st.lists(st.binary(min_size=1, max_size=300), max_size=8)


@given(PIECES, st.binary(max_size=9), st.lists(st.integers(0, 3000), max_size=9))
def test_a_stream_is_taken_apart_however_it_is_cut(pieces: list[bytes], rest: bytes, points: list[int]) -> None:
    raw, taker = framed(*pieces, b"") + rest, Taker("little")
    for part in cut(raw, sorted(p for p in points if p <= len(raw))):
        taker.feed(part)
    assert (taker.state, taker.rest) == ("ended", rest)
    assert taker.payload.size == sum(map(len, pieces))


@pytest.mark.parametrize("length", [PIECE + 1, -1])
def test_a_length_that_cannot_be_ends_the_reading(length: int) -> None:
    taker = Taker("big")
    taker.feed(frames.encode(b"ab", "big") + frames.header(length, "big") + b"more")
    assert (taker.state, taker.payload.size, len(taker.rest)) == ("unreadable", 2, 8)


@given(st.binary(min_size=1, max_size=40), st.integers(0, 500), st.integers(1, 90))
def test_a_content_is_the_same_in_whatever_pieces_it_is_made(unit: bytes, size: int, piece: int) -> None:
    made = list(blocks((unit, size), piece))
    assert b"".join(made) == (unit * (size // len(unit) + 1))[:size]
    assert [len(p) for p in made[:-1]] == [piece] * (len(made) - 1)
