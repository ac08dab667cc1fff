"""What our side does in `framing`: speaks frames to recv_message, cut and glued in every way; listens to send_message.

Chapter section 1.5. Every cut is a lock-step cut: a piece is sent only after the student's program has read the one
before (see grader/instrument/connection.py), so a program that takes one recv for one message meets the cut each time.
recv_message is called as often as there are messages, so that only `recv.end-between` asks what it makes of the end.
A case of several parts stops at the first part in which the program stands still: one such part is enough to judge.
"""

from collections.abc import Iterable
from itertools import accumulate, pairwise

from grader.instrument import Connection, Run, Stage, case
from grader.model import GaveUp, Returned, say
from grader.wire import frames, payload
from reference.peers.endurance import stand_still
from reference.peers.framed import Said, frame, hear, part, receiver, sender, told

MIB = frames.LIMIT
SIZES = (65_535, 65_536, 65_537, MIB)
SEGMENT = 65_536
AWKWARD = ("a\0b", "line\n", "dos\r\n", "\n\n", "  blanks  ", "\0ends\0", "\tÿ\u00a0", "\ufeffbom", "e\u0301", "𝒳😀")
PAUSE = 4.0  # seconds; a program that waits with a time-out up to this one is given that time
UNTOLD = 1.2  # seconds; the same, where its time-out cannot be seen
AT_ONCE = 1.0  # seconds from the last byte of an impossible length to its refusal


# --- recv_message ---------------------------------------------------------------------------------------------------


@case("recv.one")
def recv_one(stage: Stage) -> None:
    text = payload.text(stage.rng, 40, payload.PLAIN)
    run, conn = receiver(stage, "a", 1)
    conn.step(*told(stage, conn, text))
    part(run, conn, 1)
    if understood(run, text):
        return
    # What else would this program understand? Each answer names a mistake; FIN follows at once, so none can hang.
    for name, data in dialects(text.encode(), stage.options["byte_order"]).items():
        stage.resume()
        run, conn = receiver(stage, name, 1)
        conn.tell(text)
        conn.send(data)
        conn.finish()
        run.wait()
        if understood(run, text):
            return


def understood(run: Run, text: str) -> bool:
    first = run.outcomes[0] if run.outcomes else None
    return isinstance(first, Returned) and first.value.same(payload.value_of(text))


def dialects(raw: bytes, order: str) -> dict[str, bytes]:
    """One message as programs with one typical mistake would frame it."""
    size = len(raw)
    return {
        "other-order": frames.encode(raw, "little" if order == "big" else "big"),
        "bare": raw,
        "to-the-end": frames.encode(raw, order),
        "2-byte": size.to_bytes(2, order) + raw,  # type: ignore[arg-type]  # "little" or "big", as exercise.json says
        "8-byte": size.to_bytes(8, order) + raw,  # type: ignore[arg-type]  # the same
        "digits": b"%04d" % size + raw,
        "self-counting": frames.header(size + 4, order) + raw,
    }


@case("recv.byte-length")
def recv_byte_length(stage: Stage) -> None:
    one_by_one(stage, "你好", "é", "网络编程 and 并发 😀")


@case("recv.header-split")
def recv_header_split(stage: Stage) -> None:
    plans = [[1, 2, 3], [2], [3], [5], *([k] for k in range(1, 10))]
    texts = [f"part{i:02}" for i in range(len(plans))]
    run, conn = receiver(stage, "a", len(plans))
    for text, cuts in zip(texts, plans, strict=True):
        conn.step(*cut(told(stage, conn, text)[0], cuts))
    part(run, conn, len(plans))


@case("recv.payload-split")
def recv_payload_split(stage: Stage) -> None:
    run, conn = receiver(stage, "a", 1)
    whole = told(stage, conn, payload.text(stage.rng, 24, payload.PLAIN))[0]
    conn.step(*cut(whole, range(4, len(whole))))
    part(run, conn, 1)


@case("recv.glued")
def recv_glued(stage: Stage) -> None:
    texts = [f"{i}:{payload.text(stage.rng, stage.rng.randint(2, 40), payload.PLAIN)}" for i in range(55)]
    run, conn = receiver(stage, "a", len(texts))
    conn.step(b"".join(told(stage, conn, *texts[:2])))
    conn.step(b"".join(told(stage, conn, *texts[2:52])))
    one, two, three = told(stage, conn, *texts[52:])
    conn.step(one + two[:6], two[6:] + three)
    part(run, conn, len(texts))


@case("recv.utf8-split")
def recv_utf8_split(stage: Stage) -> None:
    texts = ("好", "网络", "a😀b")
    run, conn = receiver(stage, "a", len(texts))
    for text in texts:
        whole = told(stage, conn, text)[0]
        conn.step(*cut(whole, range(5, len(whole))))
    part(run, conn, len(texts))


@case("recv.large")
def recv_large(stage: Stage) -> None:
    run, conn = receiver(stage, "a", len(SIZES))
    for size in SIZES:
        whole = told(stage, conn, payload.text(stage.rng, size, payload.PLAIN))[0]
        conn.step(*cut(whole, range(SEGMENT, len(whole), SEGMENT)))
    part(run, conn, len(SIZES))


@case("recv.empty")
def recv_empty(stage: Stage) -> None:
    one_by_one(stage, "", "", "", "after three empty ones", "")


@case("recv.text-exact")
def recv_text_exact(stage: Stage) -> None:
    one_by_one(stage, *AWKWARD)


def one_by_one(stage: Stage, *texts: str) -> None:
    """Each message whole, and only after the one before has been read."""
    run, conn = receiver(stage, "a", len(texts))
    for text in texts:
        conn.step(*told(stage, conn, text))
    part(run, conn, len(texts))


@case("recv.random")
def recv_random(stage: Stage) -> None:
    texts = [payload.text(stage.rng, stage.rng.choice((0, 1, 2, 3, 7, 30, 200, 900))) for _ in range(1000)]
    run, conn = receiver(stage, "a", len(texts))
    whole = told(stage, conn, *texts)
    stream, starts = b"".join(whole), [0, *accumulate(map(len, whole))][:-1]
    headers = {start + stage.rng.randint(1, 3) for start in stage.rng.sample(starts, 50)}
    conn.step(*cut(stream, sorted(headers | set(stage.rng.sample(range(1, len(stream)), 100)))))
    part(run, conn, len(texts))


@case("recv.timeout")
def recv_timeout(stage: Stage) -> None:
    """Theirs is long; one of its own, if the program has set such, is given the time to be over: before the first byte
    of the message, and before its last ones."""
    run, conn = receiver(stage, "a", 1, timeout=60)
    *pieces, last = cut(told(stage, conn, payload.text(stage.rng, 40, payload.PLAIN))[0], (2, 10, 30))
    for data in (pieces, [last]):
        stage.settle(0.03, at_most=1.0)
        stage.mark(say("our side pauses").template)
        stand_still(stage, run, most=PAUSE, least=0, untold=UNTOLD)
        stage.mark(say("our side goes on").template)
        if not conn.step(*data):
            break
    part(run, conn, 1)


@case("recv.any-cut")
def recv_any_cut(stage: Stage) -> None:
    texts = ("one", "", "三", "four")
    whole = b"".join(frame(stage, t) for t in texts)
    deliveries = {
        "whole": [whole],
        "byte by byte": cut(whole, range(1, len(whole))),
        "half a frame behind": [whole + frame(stage, "five")[:6]],
    }
    for name, pieces in deliveries.items():
        run, conn = receiver(stage, name, len(texts))
        told(stage, conn, *texts)
        conn.step(*pieces)
        part(run, conn, len(texts))
        if stage.over:
            return


@case("recv.bad-length")
def recv_bad_length(stage: Stage) -> None:
    for length in (MIB + 1, 64 * MIB, 0x7FFFFFFF, -0x80000000, -1):
        if not refused(stage, str(length), frames.header(length, stage.options["byte_order"])):
            return


@case("recv.http")
def recv_http(stage: Stage) -> None:
    refused(stage, "GET ", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")


def refused(stage: Stage, name: str, data: bytes) -> bool:
    """Bytes that begin with an impossible length; the connection stays open, so waiting for more is waiting for ever.

    False where the program stands still, or takes so much memory that a greater length had better not be tried.
    """
    run, conn = receiver(stage, name, 1, hold=True)
    before = stage.watcher.peak()
    conn.step(data[:4])
    since = stage.now()
    if rest := data[4:]:
        conn.send(rest)
    answered = run.wait_outcomes(1)
    seconds = stage.now() - since
    if answered and seconds > AT_ONCE:  # no proof on a busy machine: the case is played again
        stage.record(GaveUp(stage.now(), "return", round(seconds, 1), name))
    grown = stage.measure(f"memory {name}", (stage.watcher.peak() - before) / 2**20, "MiB")
    conn.look()
    conn.finish()
    run.wait()
    return answered and seconds <= AT_ONCE and grown < 32 and not stage.over


@case("recv.end-between")
def recv_end_between(stage: Stage) -> None:
    run, conn = receiver(stage, "at once", 1)
    part(run, conn, 0)
    if stage.over:
        return
    run, conn = receiver(stage, "after one", 2)
    conn.step(*told(stage, conn, "the only one"))
    part(run, conn, 1)


@case("recv.end-inside")
def recv_end_inside(stage: Stage) -> None:
    for size in (1, 2, 3, 4, 9):
        run, conn = receiver(stage, str(size), 1)
        conn.step(told(stage, conn, "cut short")[0][:size])
        conn.finish()
        run.wait()
        if stage.over:
            return


@case("recv.reset")
def recv_reset(stage: Stage) -> None:
    """Inside a message, and where the next one would begin."""
    run, conn = receiver(stage, "a", 1)
    conn.step(frame(stage, "never whole")[:8])
    conn.reset()
    run.wait()
    if stage.over:
        return
    run, conn = receiver(stage, "between", 2)
    conn.step(*told(stage, conn, "the only one"))
    run.wait_outcomes(1)
    conn.reset()
    run.wait()


@case("recv.invalid-utf8")
def recv_invalid_utf8(stage: Stage) -> None:
    for raw in (b"\xff\xfe", b"ab\xc3(", b"\xe4\xbd", b"\xed\xa0\x80"):
        run, conn = receiver(stage, raw.hex(" "), 1)
        conn.step(frame(stage, raw))
        part(run, conn, 1)
        if stage.over:
            return


@case("recv.next-socket")
def recv_next_socket(stage: Stage) -> None:
    """Of two messages on the first connection only one is asked for."""
    listener = stage.listen()
    host, port = listener.address
    run = stage.start("receive_in_turn", {"host": host, "port": port}, name="a")
    for name, texts in (("a", ("first", "never asked for")), ("second", ("second",))):
        conn = listener.accept(name, run)
        conn.step(b"".join(told(stage, conn, *texts)))
    run.wait()


@case("recv.two-sockets")
def recv_two_sockets(stage: Stage) -> None:
    listener = stage.listen()
    host, port = listener.address
    run = stage.start("two_at_once", {"host": host, "port": port}, name="a")
    slow, fast = listener.accept("slow", run), listener.accept("fast", run)
    whole = told(stage, slow, "slow, in two pieces")[0]
    slow.step(whole[:7])
    fast.send(b".")  # the first reader is in the middle of its message: the second may begin
    fast.step(*told(stage, fast, "THE FAST ONE, IN ONE PIECE"))
    run.wait_outcomes(1)
    stage.mark(say("the rest of the slow message").template)
    slow.step(whole[7:])
    run.wait_outcomes(2)


# --- send_message ---------------------------------------------------------------------------------------------------


def listen_to(stage: Stage, *texts: Said) -> None:
    """Lets the student send the texts and reads until the end of the connection."""
    run, conn = sender(stage, "a", texts)
    hear(stage, run, conn, texts)


@case("send.one")
def send_one(stage: Stage) -> None:
    listen_to(stage, payload.text(stage.rng, 30, payload.PLAIN))


@case("send.byte-length")
def send_byte_length(stage: Stage) -> None:
    listen_to(stage, "你好")


@case("send.large")
def send_large(stage: Stage) -> None:
    texts = [payload.text(stage.rng, size, payload.PLAIN) for size in SIZES if size < MIB]
    listen_to(stage, *texts, (payload.text(stage.rng, 1024, payload.PLAIN), MIB // 1024))


@case("send.stalled-reader")
def send_stalled_reader(stage: Stage) -> None:
    texts = ((payload.text(stage.rng, 1024, payload.PLAIN), 512),) * 16  # 8 MiB, none near the limit
    run, conn = sender(stage, "a", texts, receive_buffer=4096, timeout=60, buffer=4096)
    stage.settle(0.03)
    stand_still(stage, run, least=0)
    conn.widen()
    hear(stage, run, conn, texts)


@case("send.empty")
def send_empty(stage: Stage) -> None:
    listen_to(stage, "", "", "x", "")


@case("send.too-long")
def send_too_long(stage: Stage) -> None:
    for name, text in (("ascii", ("x", MIB + 1)), ("chinese", ("好", MIB // 3 + 1))):
        run, conn = sender(stage, name, (text,))
        conn.receive_to_end(4096)
        run.wait()
        stage.resume()


@case("send.text-exact")
def send_text_exact(stage: Stage) -> None:
    listen_to(stage, *AWKWARD)


@case("send.random")
def send_random(stage: Stage) -> None:
    listen_to(stage, *(payload.text(stage.rng, stage.rng.choice((0, 1, 2, 7, 30, 200))) for _ in range(1000)))


@case("send.reset")
def send_reset(stage: Stage) -> None:
    """One cuts; one closes first, so that the program finds a broken pipe in place of a reset."""
    for name, leave in (("a", Connection.reset), ("closed", Connection.close)):
        run, conn = sender(stage, name, (("x", 65_536),) * 320)
        conn.receive(1000)
        leave(conn)
        run.wait()
        if stage.over:
            return


def cut(data: bytes, points: Iterable[int]) -> list[bytes]:
    """The data cut at these offsets."""
    return [data[a:b] for a, b in pairwise((0, *points, len(data)))]
