"""What our side does in `large_transfer`: hands data to split and merge, streams to recv_stream, takes send_stream's.

Chapter section 1.6. Every cut is a lock-step cut: a piece is sent only after the student's program has read the one
before (see grader/instrument/connection.py). What recv_stream wrote comes back over a second connection, so both
directions are compared here, byte for byte. Memory and processor time are read from outside; of time only the growth
counts: eight times the data may not cost much more than eight times the time, on whatever machine.
"""

from itertools import accumulate, pairwise
from statistics import median

from grader.instrument import Connection, Stage, case
from grader.model import Returned, Told, say
from grader.wire import frames, payload
from reference.peers.endurance import stand_still
from reference.peers.streams import (
    PIECE,
    Content,
    accepted,
    blocks,
    cut,
    described,
    framed,
    letters,
    octets,
    pieces,
    portions,
    processor,
    receiver,
    sender,
    spread,
)

MIB = 1 << 20
LARGE = 16 * MIB + 1234
PORTIONS = 32  # in so many a large stream is fed, cut wherever that falls
FEW, MANY, SMALL = 2048, 16_384, 64  # so many pieces of so many bytes, where processor time is compared
PAUSE = 4.0  # seconds; a program that waits for a piece with a time-out up to this one is given that time
UNTOLD = 1.2  # seconds; the same, where its time-out cannot be seen
MOST = 1000  # pieces that are taken of one split


def due(stage: Stage, run: str, *values: object) -> None:
    """Records what the calls of a run are to return."""
    for value in values:
        stage.record(Told(stage.now(), run, payload.value_of(value)))


# --- split and merge ------------------------------------------------------------------------------------------------


@case("split.pieces")
def split_pieces(stage: Stage) -> None:
    size = stage.rng.randint(20, 90)
    lengths = (10 * size, size + 1, 0, 1, size - 1, size)
    split(stage, [*((length, size) for length in lengths), (5, 1)])


@case("split.default-size")
def split_default_size(stage: Stage) -> None:
    split(stage, [(length, None) for length in (10, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5)])


@case("split.any-bytes")
def split_any_bytes(stage: Stage) -> None:
    split(stage, [(100, 30)], "bytearray")
    split(stage, [(100, 30)], "memoryview")


@case("split.bad-size")
def split_bad_size(stage: Stage) -> None:
    for size in (0, -1, 2 * PIECE):
        run = stage.start("split", {"jobs": [(("616263", 3), (size,), "bytes")], "most": 10}, name=str(size))
        run.wait()
        if stage.over:
            return


def split(stage: Stage, jobs: list[tuple[int, int | None]], kind: str = "bytes") -> None:
    """Calls split once for each (length, size)."""
    contents = [(letters(stage, length), size) for length, size in jobs]
    calls = [(described(c), (size,) if size else (), kind) for c, size in contents]
    due(stage, kind, *(list(blocks(c, size or PIECE)) for c, size in contents))
    stage.start("split", {"jobs": calls, "most": MOST}, name=kind).wait()


@case("merge.pieces")
def merge_pieces(stage: Stage) -> None:
    merge(stage, "list", [[9, 5, 0, 12, 1], [], [7], [0], [1] * 200, [PIECE] * 3 + [11]])


@case("merge.any-bytes")
def merge_any_bytes(stage: Stage) -> None:
    merge(stage, "any", [[10, 20, 30, 7]])


def merge(stage: Stage, form: str, jobs: list[list[int]]) -> None:
    """Calls merge once for each list of sizes of pieces. The last is no text."""
    contents = [[letters(stage, size) for size in sizes] for sizes in jobs[:-1]]
    contents.append([octets(stage, size) for size in jobs[-1]])
    due(stage, form, *(b"".join(map(spread, pieces)) for pieces in contents))
    calls = [[described(c) for c in pieces] for pieces in contents]
    stage.start("merge", {"jobs": calls, "form": form}, name=form).wait()


@case("merge.roundtrip")
def merge_roundtrip(stage: Stage) -> None:
    jobs = [(letters(stage, 100), (33,)), (letters(stage, 3 * PIECE + 1), ())]
    due(stage, "a", *(spread(content) for content, _ in jobs))
    stage.start("roundtrip", {"jobs": [(described(c), args) for c, args in jobs]}, name="a").wait()


@case("split.linear")
def split_linear(stage: Stage) -> None:
    timed(stage, "split")


@case("merge.linear")
def merge_linear(stage: Stage) -> None:
    timed(stage, "merge")


def timed(stage: Stage, function: str) -> None:
    """The processor time of few pieces and of many: the better of two calls each, after one that warms up."""
    if not stage.watcher.available:
        stage.unproven("no /proc: the processor time of the program cannot be seen")
    counts = (8, FEW, FEW, MANY, MANY)
    listener = stage.listen()
    host, port = listener.address
    job = {"function": function, "unit": octets(stage, PIECE)[0].hex(), "piece": SMALL, "counts": counts}
    run = stage.start("timed", {"host": host, "port": port, **job}, name="a")
    desk = listener.accept("a", run)
    spent = []
    for _ in (*counts, 0):
        if not desk.receive(1):
            return
        spent.append(processor(stage))
        desk.send(b".")
    run.wait()
    _, *few, many, again = ((b - a) * 1000 for a, b in pairwise(spent))
    stage.measure(say("processor time of few pieces").template, min(few), "ms")
    stage.measure(say("processor time of eight times as many").template, min(many, again), "ms")


# --- send_stream ----------------------------------------------------------------------------------------------------


def listen_to(stage: Stage, name: str, content: Content, **options: object) -> None:
    """Lets the student send a source and takes the stream apart."""
    student = sender(stage, name, content, **options)
    student.part(stage, student.hear(stage))


@case("send.one")
def send_one(stage: Stage) -> None:
    listen_to(stage, "a", octets(stage, 30))


@case("send.empty")
def send_empty(stage: Stage) -> None:
    listen_to(stage, "a", octets(stage, 0))


@case("send.sizes")
def send_sizes(stage: Stage) -> None:
    sources: dict[str, Content] = {"a zero": (b"\0", 1), "a line end": (b"\n", 1)}
    sources |= {str(size): octets(stage, size) for size in (PIECE - 1, PIECE, PIECE + 1, 10 * PIECE)}
    sources["no line ends"] = payload.text(stage.rng, 997, payload.PLAIN).encode(), 2 * PIECE + 77
    for name, content in sources.items():
        listen_to(stage, name, content)
        if stage.over:
            return


@case("send.short-reads")
def send_short_reads(stage: Stage) -> None:
    reads = [stage.rng.randint(1, 900) for _ in range(20)] + [1, PIECE, 2, 3]
    listen_to(stage, "a", octets(stage, 4 * PIECE), reads=reads)


@case("send.large")
def send_large(stage: Stage) -> None:
    """Both times it cannot send all before our side reads: so it is still there when its memory is looked at, and one
    that reads ahead without a bound has done so."""
    looks: list[int] = []
    peaks: list[int] = []
    for name, size in (("small", 3 * PIECE), ("large", LARGE)):
        student = sender(stage, name, octets(stage, size), receive_buffer=4096, buffer=4096)
        stage.settle(0.03, at_most=1.0)
        looks.append(stage.watcher.peak())
        student.wire.widen()
        taker = student.hear(stage, meanwhile=lambda: looks.append(stage.watcher.peak()))
        peaks.append(max(*looks, stage.watcher.peak(), 0))
        looks.clear()
        student.part(stage, taker)
        if stage.over:
            return
    grown(stage, *peaks)


@case("send.stalled-reader")
def send_stalled_reader(stage: Stage) -> None:
    student = sender(stage, "a", octets(stage, 16 * PIECE), receive_buffer=4096, timeout=60, buffer=4096)
    stage.settle(0.03)
    stand_still(stage, student.run, least=0)
    student.part(stage, student.hear(stage))


@case("send.source-error")
def send_source_error(stage: Stage) -> None:
    listen_to(stage, "a", octets(stage, 4 * PIECE), reads=[1000], fails_at=2 * PIECE)


@case("send.reset")
def send_reset(stage: Stage) -> None:
    """One cuts; one closes first, so that the program finds a broken pipe in place of a reset."""
    for name, leave in (("a", Connection.reset), ("closed", Connection.close)):
        student = sender(stage, name, octets(stage, LARGE))
        student.wire.receive(1000)
        leave(student.wire)
        student.run.wait()
        if stage.over:
            return


def grown(stage: Stage, before: int, after: int) -> None:
    """The greater of many looks, since a child that has ended is seen no more. Says nothing where nothing can be seen:
    that is no growth of 0."""
    if stage.watcher.available:
        stage.measure(say("memory taken for the large one").template, (after - before) / MIB, "MiB")


# --- recv_stream ----------------------------------------------------------------------------------------------------


def stream(stage: Stage, parts: list[bytes]) -> list[bytes]:
    """The frames of a stream, the end frame last."""
    return framed(stage, *parts, b"")


@case("recv.one")
def recv_one(stage: Stage) -> None:
    parts = pieces(stage, 20, 7, 30)
    if understood(stage, "a", parts, stream(stage, parts)):
        return
    # What else would this program understand? Each answer names a mistake; FIN follows at once, so none can hang.
    for name, data in dialects(stage, parts).items():
        stage.resume()
        if understood(stage, name, parts, data, at_once=True):
            return


def understood(stage: Stage, name: str, parts: list[bytes], data: list[bytes], at_once: bool = False) -> bool:
    """The program made of this data what was meant. at_once: our FIN does not wait for its answer."""
    student = receiver(stage, name, parts)
    if at_once:
        student.wire.send(b"".join(data))
        student.end()
    else:
        student.feed(*data)
        student.part()
    return student.written == b"".join(parts) and any(isinstance(o, Returned) for o in student.run.outcomes)


def dialects(stage: Stage, parts: list[bytes]) -> dict[str, list[bytes]]:
    """One stream as programs with one typical mistake expect it."""
    order = "little" if stage.options["byte_order"] == "big" else "big"
    own: str = stage.options["byte_order"]
    return {
        "other-order": [frames.encode(p, order) for p in (*parts, b"")],
        "to-the-end": framed(stage, *parts),
        "8-byte": [len(p).to_bytes(8, own) + p for p in (*parts, b"")],  # type: ignore[arg-type]  # "little" or "big"
        "digits": [b"%04d" % len(p) + p for p in (*parts, b"")],
        "self-counting": [frames.header(len(p) + 4, own) + p for p in (*parts, b"")],
    }


@case("recv.empty")
def recv_empty(stage: Stage) -> None:
    hand_over(stage, "a", [])


@case("recv.header-split")
def recv_header_split(stage: Stage) -> None:
    parts = pieces(stage, *range(5, 16))
    plans = [[1, 2, 3], [2], [3], [5], *([k] for k in range(1, 8)), [1, 2, 3]]
    whole = stream(stage, parts)
    hand_over(stage, "a", parts, *(c for f, points in zip(whole, plans, strict=True) for c in cut(f, points)))


@case("recv.payload-split")
def recv_payload_split(stage: Stage) -> None:
    parts = pieces(stage, 24, 3000, 9)
    first, second, third, end = stream(stage, parts)
    byte_by_byte = cut(first, range(4, len(first)))
    hand_over(stage, "a", parts, *byte_by_byte, *cut(second, [4, 1000, 1001, 2500]), third[:6], third[6:] + end)


@case("recv.glued")
def recv_glued(stage: Stage) -> None:
    parts = pieces(stage, *(stage.rng.randint(1, 40) for _ in range(50)))
    hand_over(stage, "a", parts, b"".join(stream(stage, parts)))


@case("recv.sizes")
def recv_sizes(stage: Stage) -> None:
    parts = [*pieces(stage, PIECE), b"\0", *pieces(stage, PIECE - 1, PIECE), b" \n"]
    hand_over(stage, "a", parts, *(c for f in stream(stage, parts) for c in (f[:40_000], f[40_000:])))


@case("recv.random")
def recv_random(stage: Stage) -> None:
    parts = pieces(stage, *(stage.rng.choice((1, 2, 3, 7, 30, 200)) for _ in range(1200)))
    whole = stream(stage, parts)
    data, starts = b"".join(whole), [0, *accumulate(map(len, whole))][:-1]
    headers = {start + stage.rng.randint(1, 3) for start in stage.rng.sample(starts, 50)}
    points = sorted(headers | set(stage.rng.sample(range(1, len(data)), 100)))
    hand_over(stage, "a", parts, *cut(data, points))


@case("recv.timeout")
def recv_timeout(stage: Stage) -> None:
    parts = pieces(stage, 40, 500)
    data = b"".join(stream(stage, parts))
    hand_over(stage, "a", parts, *cut(data, [2, 10, 30, 45, 100, len(data) - 2]), timeout=60)


def hand_over(stage: Stage, name: str, parts: list[bytes], *data: bytes, **options: object) -> None:
    """Feeds a stream in lock-step: as it is given, or frame by frame."""
    student = receiver(stage, name, parts, **options)
    student.feed(*(data or stream(stage, parts)))
    student.part()


@case("recv.large")
def recv_large(stage: Stage) -> None:
    content = octets(stage, LARGE)
    student = receiver(stage, "a", blocks(content))
    peaks, spent = [], [processor(stage)]
    for portion in portions(stage, content, LARGE // PORTIONS):
        student.feed(portion)
        peaks.append(stage.watcher.peak())
        spent.append(processor(stage))
    if student.returned():
        grown(stage, peaks[0], max(*peaks, stage.watcher.peak()))
        first, *_, last = quarters([b - a for a, b in pairwise(spent)])
        stage.measure(say("processor time of a portion at first").template, first * 1000, "ms")
        stage.measure(say("processor time of a portion at last").template, last * 1000, "ms")
    student.end()


def quarters(values: list[float]) -> list[float]:
    """The median of each quarter: one look that went wrong moves none of them."""
    size = len(values) // 4
    return [median(values[i : i + size]) for i in range(0, 4 * size, size)]


@case("recv.end-missing")
def recv_end_missing(stage: Stage) -> None:
    parts = pieces(stage, 20, 20)
    data = b"".join(framed(stage, *parts))
    for size in (len(data), 0, 2, 4, 10, 24, 47):
        student = receiver(stage, str(size), parts)
        student.feed(data[:size])
        student.end()
        if stage.over:
            return


@case("recv.bad-length")
def recv_bad_length(stage: Stage) -> None:
    for length in (PIECE + 1, 0x7FFFFFFF, -1):
        student = receiver(stage, str(length))
        student.feed(frames.header(length, stage.options["byte_order"]))
        student.part()
        if stage.over:
            return


@case("recv.reset")
def recv_reset(stage: Stage) -> None:
    """Inside a piece, and where the next one would begin."""
    for name, size in (("a", 10), ("between", 24)):
        student = receiver(stage, name)
        student.feed(framed(stage, *pieces(stage, 20))[0][:size])
        student.wire.reset()
        student.run.wait()
        if stage.over:
            return


@case("recv.sink-error")
def recv_sink_error(stage: Stage) -> None:
    hand_over(stage, "a", pieces(stage, 500, 500, 500, 500), fails_at=1200)


@case("recv.pause")
def recv_pause(stage: Stage) -> None:
    parts = pieces(stage, 20, 30)
    student = receiver(stage, "a", parts)
    first, *rest = stream(stage, parts)
    student.feed(first)
    stand_still(stage, student.run, most=PAUSE, least=0, untold=UNTOLD)
    stage.mark(say("the rest of the stream").template)
    student.feed(*rest)
    student.part()


@case("recv.again")
def recv_again(stage: Stage) -> None:
    listener = stage.listen()
    host, port = listener.address
    run = stage.start("receive_again", {"host": host, "port": port}, name="a")
    for count, name in ((1, "a"), (2, "again")):
        parts = pieces(stage, 20, 30 * count)
        student = accepted(stage, listener, run, name, parts)
        *whole, end = stream(stage, parts)
        student.feed(*whole, end + framed(stage, *pieces(stage, 9))[0])  # what nobody will ask for
        student.part(count)
        if stage.over:
            return
    run.wait()


@case("recv.what-follows")
def recv_what_follows(stage: Stage) -> None:
    one, two = pieces(stage, 20, 30), pieces(stage, 7, 5)
    student = receiver(stage, "a", [*one, *two], times=2)
    student.feed(b"".join((*stream(stage, one), *stream(stage, two))))
    student.part(2)
