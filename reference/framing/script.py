"""What our side does in `framing`: speaks frames to recv_message, cut and glued in every way; listens to send_message.

Chapter section 1.5. Every cut is a lock-step cut: a piece is sent only after the student's program has read the one
before (see grader/instrument/connection.py), so a program that takes one recv for one message meets the cut each time.
"""

from grader.instrument import Stage, case
from grader.wire import frames, payload
from reference.peers.framed import frame, part, receiver, sender, told

MIB = frames.LIMIT
SIZES = (65_535, 65_536, 65_537, MIB)
AWKWARD = ("a\0b", "line\n", "dos\r\n", "\n\n", "  blanks  ", "\tÿ\u00a0", "\ufeffbom", "e\u0301", "𝒳😀")


# --- recv_message ---------------------------------------------------------------------------------------------------


@case("recv.one")
def recv_one(stage: Stage) -> None:
    text = payload.text(stage.rng, 300, payload.PLAIN)
    run, conn = receiver(stage, "a", 2)
    conn.step(*told(stage, conn, text))
    part(run, conn, 1)
    if len(run.outcomes) == 2:
        return
    # What else would this program understand? Each answer names a mistake; FIN follows at once, so none can hang.
    raw, order = text.encode(), stage.options["byte_order"]
    other = "little" if order == "big" else "big"
    probes = {
        "other byte order": frames.encode(raw, other),
        "2-byte length": len(raw).to_bytes(2, order) + raw,
        "8-byte length": len(raw).to_bytes(8, order) + raw,
    }
    for name, data in probes.items():
        stage.resume()
        run, conn = receiver(stage, name, 1)
        conn.tell(text)
        conn.send(data)
        conn.finish()
        run.wait()


@case("recv.byte-length")
def recv_byte_length(stage: Stage) -> None:
    texts = ("你好", "é", "网络编程 and 并发 😀")
    run, conn = receiver(stage, "a", len(texts) + 1)
    conn.step(*told(stage, conn, *texts))
    part(run, conn, len(texts))


@case("recv.header-split")
def recv_header_split(stage: Stage) -> None:
    first = [1, 2, 3], [2], [3], [5]
    every = [[k] for k in range(1, 10)]
    plans = [*first, *every]
    texts = [f"part{i:02}" for i in range(len(plans))]
    run, conn = receiver(stage, "a", len(plans) + 1)
    for text, cuts in zip(texts, plans, strict=True):
        conn.step(*cut(told(stage, conn, text)[0], cuts))
    part(run, conn, len(plans))


@case("recv.payload-split")
def recv_payload_split(stage: Stage) -> None:
    text = payload.text(stage.rng, 24)
    run, conn = receiver(stage, "a", 2)
    whole = told(stage, conn, text)[0]
    conn.step(*cut(whole, range(4, len(whole))))
    part(run, conn, 1)


@case("recv.glued")
def recv_glued(stage: Stage) -> None:
    texts = [f"{i}:{payload.text(stage.rng, stage.rng.randint(1, 40))}" for i in range(54)]
    run, conn = receiver(stage, "a", len(texts) + 1)
    conn.step(b"".join(told(stage, conn, *texts[:2])))
    conn.step(b"".join(told(stage, conn, *texts[2:52])))
    one, two = told(stage, conn, *texts[52:])
    conn.step(one + two[:3], two[3:])
    part(run, conn, len(texts))


@case("recv.utf8-split")
def recv_utf8_split(stage: Stage) -> None:
    texts = ("好", "网络", "a😀b")
    run, conn = receiver(stage, "a", len(texts) + 1)
    for text in texts:
        whole = told(stage, conn, text)[0]
        conn.step(*cut(whole, range(5, len(whole))))
    part(run, conn, len(texts))


@case("recv.large")
def recv_large(stage: Stage) -> None:
    run, conn = receiver(stage, "a", len(SIZES) + 1)
    for size in SIZES:
        conn.send(told(stage, conn, payload.text(stage.rng, size))[0])
    part(run, conn, len(SIZES))


@case("recv.empty")
def recv_empty(stage: Stage) -> None:
    texts = ("", "", "", "after three empty ones", "")
    run, conn = receiver(stage, "a", len(texts) + 1)
    for text in texts:
        conn.step(*told(stage, conn, text))
    part(run, conn, len(texts))


@case("recv.bad-length")
def recv_bad_length(stage: Stage) -> None:
    for name, length in (
        ("limit + 1", MIB + 1),
        ("2147483647", 0x7FFFFFFF),
        ("-2147483648", 0x80000000),
        ("-1", 0xFFFFFFFF),
    ):
        refuse(stage, name, frames.header(length, stage.options["byte_order"]))


@case("recv.http")
def recv_http(stage: Stage) -> None:
    refuse(stage, "GET / HTTP/1.1", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")


def refuse(stage: Stage, name: str, data: bytes) -> None:
    """Bytes that begin with an impossible length; the connection stays open, so waiting for more is waiting for ever."""
    run, conn = receiver(stage, name, 1, hold=True)
    before = stage.watcher.peak()
    conn.step(data[:4])
    conn.send(data[4:])
    run.wait_outcomes(1)
    stage.measure(f"memory {name}", (stage.watcher.peak() - before) / 2**20, "MiB")
    conn.finish()
    run.wait()
    stage.resume()


@case("recv.end-between")
def recv_end_between(stage: Stage) -> None:
    run, conn = receiver(stage, "at once", 1)
    part(run, conn, 0)
    run, conn = receiver(stage, "after one", 2)
    conn.step(*told(stage, conn, "the only one"))
    part(run, conn, 1)


@case("recv.end-inside")
def recv_end_inside(stage: Stage) -> None:
    whole = frame(stage, "cut short")
    for size in (1, 2, 3, 4, 9):
        run, conn = receiver(stage, f"{size} of {len(whole)}", 1)
        conn.step(whole[:size])
        conn.finish()
        run.wait()
        stage.resume()


@case("recv.reset")
def recv_reset(stage: Stage) -> None:
    run, conn = receiver(stage, "a", 2)
    conn.step(frame(stage, "never whole")[:8])
    conn.reset()
    run.wait()


@case("recv.text-exact")
def recv_text_exact(stage: Stage) -> None:
    run, conn = receiver(stage, "a", len(AWKWARD) + 1)
    for text in AWKWARD:
        conn.step(*told(stage, conn, text))
    part(run, conn, len(AWKWARD))


@case("recv.invalid-utf8")
def recv_invalid_utf8(stage: Stage) -> None:
    for raw in (b"\xff\xfe", b"ab\xc3(", b"\xe4\xbd"):
        run, conn = receiver(stage, raw.hex(" "), 1)
        conn.step(frame(stage, raw))
        part(run, conn, 1)
        stage.resume()


@case("recv.random")
def recv_random(stage: Stage) -> None:
    texts = [payload.text(stage.rng, stage.rng.choice((0, 1, 2, 3, 7, 30, 200, 900))) for _ in range(1000)]
    run, conn = receiver(stage, "a", len(texts) + 1)
    stream = b"".join(told(stage, conn, *texts))
    conn.step(*cut(stream, sorted(stage.rng.sample(range(1, len(stream)), 150))))
    part(run, conn, len(texts))


@case("recv.any-cut")
def recv_any_cut(stage: Stage) -> None:
    texts = ("one", "", "三", "four\n")
    for name in ("whole", "byte by byte", "with half a frame behind"):
        run, conn = receiver(stage, name, len(texts) + 1)
        stream = b"".join(told(stage, conn, *texts))
        pieces = cut(stream, range(1, len(stream))) if name == "byte by byte" else [stream]
        conn.step(*pieces[:-1], pieces[-1] + (b"\5\0" if name.endswith("behind") else b""))
        part(run, conn, len(texts))
        stage.resume()


@case("recv.timeout")
def recv_timeout(stage: Stage) -> None:
    text = payload.text(stage.rng, 40)
    run, conn = receiver(stage, "a", 2, timeout=60)
    conn.step(*cut(told(stage, conn, text)[0], (2, 10, 30)))
    part(run, conn, 1)


@case("recv.two-sockets")
def recv_two_sockets(stage: Stage) -> None:
    listener = stage.listen()
    host, port = listener.address
    run = stage.start("two_at_once", {"host": host, "port": port}, name="a")
    slow, fast = listener.accept("slow", run), listener.accept("fast", run)
    whole = told(stage, slow, "from the slow one")[0]
    slow.step(whole[:7])
    fast.step(*told(stage, fast, "from the fast one"))
    run.wait_outcomes(1)
    stage.mark("the rest of the slow message")
    slow.step(whole[7:])
    run.wait_outcomes(2)


# --- send_message ---------------------------------------------------------------------------------------------------


def listen_to(stage: Stage, *texts: str | tuple[str, int], **options: object) -> None:
    """Lets the student send the texts and reads until the end of the connection."""
    run, conn = sender(stage, "a", list(texts), **options)
    most = sum(len(frame(stage, t if isinstance(t, str) else t[0] * t[1])) for t in texts)
    conn.receive_to_end(most + 4096)
    run.wait()


@case("send.one")
def send_one(stage: Stage) -> None:
    listen_to(stage, payload.text(stage.rng, 30, payload.PLAIN))


@case("send.byte-length")
def send_byte_length(stage: Stage) -> None:
    listen_to(stage, "你好")


@case("send.large")
def send_large(stage: Stage) -> None:
    listen_to(stage, *(payload.text(stage.rng, size) for size in SIZES))


@case("send.stalled-reader")
def send_stalled_reader(stage: Stage) -> None:
    unit = payload.text(stage.rng, 1024)
    texts: list[str | tuple[str, int]] = [(unit, 1024)] * 8
    run, conn = sender(stage, "a", texts, receive_buffer=4096, timeout=60, buffer=4096)
    stage.settle(0.1)
    conn.receive_to_end(8 * (MIB + 4) + 4096)
    run.wait()


@case("send.empty")
def send_empty(stage: Stage) -> None:
    listen_to(stage, "", "", "x", "")


@case("send.too-long")
def send_too_long(stage: Stage) -> None:
    for name, text in (("one byte", ("x", MIB + 1)), ("in bytes, not in characters", ("好", MIB // 3 + 1))):
        run, conn = sender(stage, name, [text])
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
    run, conn = sender(stage, "a", [("x", MIB)] * 20)
    conn.receive(1000)
    conn.reset()
    run.wait()


def cut(data: bytes, points: object) -> list[bytes]:
    """The data cut at these offsets."""
    edges = [0, *points, len(data)]  # type: ignore[misc]
    return [data[a:b] for a, b in zip(edges, edges[1:], strict=False)]
