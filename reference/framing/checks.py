"""What decides `framing`. Chapter section 1.5; wire specification: 4-byte signed length, then UTF-8.

The receiver's checks compare the messages that our peer put on the wire (Told) with the outcomes of recv_message; the
sender's compare the bytes that are due with those that came. `_guess` names the mistake that fits what was seen.
"""

from __future__ import annotations

from grader.analysis.outcomes import Outcome, outcomes, standstill
from grader.checks import BONUS, SHOULD, Unclear, check, fail, mistake
from grader.model import (
    Connected,
    Ended,
    Flow,
    Marked,
    Measured,
    Received,
    Returned,
    Text,
    Told,
    Trace,
    Unread,
    Value,
    say,
)
from grader.wire.payload import BLOCK

OPEN = b"!"  # what the driver sends last, to show that the socket is still open
GROWTH = 8  # MiB

MISTAKES = (
    mistake(
        "single-recv",
        say("One recv was taken for one whole piece: recv(n) returns *at most* n bytes, often fewer."),
        say("How many bytes are still missing after a recv? Ask again until none are, or the peer has ended."),
        "head = sock.recv(4)        # may be 1, 2 or 3 bytes\n(n,) = struct.unpack('<i', head)\nbody = sock.recv(n)         # may be less than n",
    ),
    mistake(
        "over-read",
        say("More bytes were read than belong to this message, and those of the next one were lost."),
        say("Never ask recv for more than what this message still lacks."),
        "data = sock.recv(1024)     # may hold the next message too",
    ),
    mistake(
        "reads-to-end",
        say("The message was returned only after the peer had ended: the end of the stream is not the end of a message."),
        say("The length tells where the message ends; the connection may stay open for hours."),
        "while chunk := sock.recv(1024):\n    data += chunk",
    ),
    mistake(
        "byte-order",
        say("The bytes of the length are in the other order: what one side calls 8 the other calls 134217728."),
        say("The README draws the four bytes. Which of struct's `<`, `>` and `!` puts the smallest one first?"),
        "struct.pack('!i', n)       # 00 00 00 08, but the exercise says 08 00 00 00",
    ),
    mistake(
        "wrong-width",
        say("The length does not take exactly 4 bytes."),
        say("Which struct format is 4 bytes wide on every machine?"),
        "struct.pack('q', n)        # 8 bytes",
    ),
    mistake(
        "no-header",
        say("The text went out without its length in front."),
        say("The receiver reads four bytes before anything else: they must be there, also for an empty message."),
        "sock.sendall(text.encode())",
    ),
    mistake(
        "length-in-characters",
        say("The length counts characters; on the wire it must count bytes (你好 is 2 characters and 6 bytes)."),
        say("Encode first, then measure."),
        "struct.pack('<i', len(text)) + text.encode()",
    ),
    mistake(
        "decode-per-chunk",
        say("Each piece was decoded by itself, but a character of several bytes may be cut between two pieces."),
        say("Collect bytes; decode once, when the message is complete."),
        "text += sock.recv(n).decode()",
    ),
    mistake(
        "empty-is-eof",
        say("A message of length 0 was taken for the end of the connection."),
        say("b'' from recv means the end only if at least one byte was asked for. What does recv(0) return?"),
        "body = sock.recv(n)        # n == 0\nif not body: return None",
    ),
    mistake(
        "eof-as-none",
        say("The peer ended in the middle of a message, and that was reported as a proper end."),
        say("None stands only for an end *between* messages; half a message is a ConnectionError."),
        "if not chunk: return None  # in the middle of a message",
    ),
    mistake(
        "short-on-eof",
        say("The peer ended in the middle of a message, and the part that had come was returned as if it were whole."),
        say("Count before you return: are there as many bytes as the length had announced?"),
        "while len(body) < n:\n    chunk = sock.recv(n - len(body))\n    if not chunk: break\nreturn body.decode()",
    ),
    mistake(
        "spins-on-eof",
        say("After the peer's end recv returns b'' at once, every time; the loop goes round for ever."),
        say("What does recv return when nothing will ever come again, and where does the loop look at it?"),
        "while len(body) < n:\n    body += sock.recv(n - len(body))   # b'' adds nothing",
    ),
    mistake(
        "no-limit",
        say("The announced length was believed without a look: a stranger can make the program wait, or fill its memory."),
        say("Compare the length with the limit before the next recv."),
        "(n,) = struct.unpack('<i', head)\nbody = recv_exactly(sock, n)   # n may be 2147483647",
    ),
    mistake(
        "negative-length",
        say("A negative length was accepted."),
        say("The four bytes are signed: what do ff ff ff ff mean?"),
        "if n > LIMIT: raise ValueError   # and n == -1?",
    ),
    mistake(
        "decode-errors-hidden",
        say("Bytes that are not UTF-8 were replaced or dropped, and a text came out that nobody sent."),
        say("Let decode raise: its UnicodeDecodeError is a ValueError already."),
        "body.decode(errors='ignore')",
    ),
    mistake(
        "changes-text",
        say("The text was changed on its way: white space or line ends are part of the message."),
        say("A message may hold any characters. Return exactly what was decoded."),
        "return body.decode().strip()",
    ),
    mistake(
        "returns-bytes",
        say("recv_message returned bytes; the message is a text."),
        say("The bytes on the wire are UTF-8: decode them."),
        "return body",
    ),
    mistake(
        "closes-socket",
        say("The function closed the socket, which belongs to its caller and has more messages to carry."),
        say("Who opened the socket closes it."),
        "sock.close()               # or: with sock:",
    ),
    mistake(
        "shared-buffer",
        say("What is left of one connection's bytes is kept in one place for all connections."),
        say("Two sockets may be read at once. What belongs to one must not reach the other."),
        "buffer = b''               # at the top of the module\ndef recv_message(sock):\n    global buffer",
    ),
    mistake(
        "swallows-errors",
        say("The error was caught and nothing was said: the caller cannot know that the message is lost."),
        say("Let the exception pass to the caller."),
        "try: ...\nexcept OSError: return None",
    ),
    mistake(
        "send-not-sendall",
        say("send() may take only part of the bytes and returns how many; the rest was never sent."),
        say("What does send return, and which method sends all?"),
        "sock.send(head + body)",
    ),
    mistake(
        "sends-before-check",
        say("Bytes went out before the length was checked: the receiver now waits for a message that never comes."),
        say("First decide, then send."),
        "sock.sendall(head)\nif n > LIMIT: raise ValueError",
    ),
    mistake(
        "adds-bytes",
        say("More bytes went out than the frame has."),
        say("A length makes a terminator needless. Send the four bytes and the text, nothing else."),
        "sock.sendall(head + body + b'\\n')",
    ),
)


# --- recv_message ---------------------------------------------------------------------------------------------------


@check("recv.one", points=0.5, requirement=say("recv_message returns the text of a frame as soon as it is whole"))
def recv_one(trace: Trace) -> Text:
    told = trace.of(Told, conn="a")
    got = outcomes(trace, "a")
    if not got or not _same(got[0], told[0]) or not _returned_before_fin(trace):
        _fail_one(trace, told[0].value, got)
    return say("it returned {value}", value=told[0].value.shown)


def _fail_one(trace: Trace, told: Value, got: tuple[Outcome, ...]) -> None:
    expected = say("recv_message returns {value}", value=told.shown)
    for probe, code in (("other byte order", "byte-order"), ("2-byte length", "wrong-width"), ("8-byte length", "wrong-width")):
        if any(o.value and o.value.same(told) for o in outcomes(trace, probe)):
            actual = say("it understands a frame with {variant}, which is not the one in the README", variant=probe)
            fail(expected, actual, code)
    if got and got[0].value and got[0].value.same(told):
        late = standstill(trace, "a")
        fail(expected, say("it returned only after our side had ended the connection"), "reads-to-end", late.where)
    _fail_outcome(trace, "a", got, 0, told, expected)


@check(
    "recv.byte-length",
    points=0.5,
    needs=("recv.one",),
    requirement=say("the length counts bytes: texts of Chinese and emoji come back whole"),
)
def recv_byte_length(trace: Trace) -> Text:
    return _all_come_back(trace, "length-in-characters")


@check(
    "recv.header-split",
    points=1,
    needs=("recv.one",),
    requirement=say("the four bytes of the length may arrive in any number of pieces"),
)
def recv_header_split(trace: Trace) -> Text:
    return _all_come_back(trace, "single-recv")


@check(
    "recv.payload-split",
    points=1,
    needs=("recv.one",),
    requirement=say("the text may arrive byte by byte"),
)
def recv_payload_split(trace: Trace) -> Text:
    return _all_come_back(trace, "single-recv")


@check(
    "recv.glued",
    points=1,
    needs=("recv.one",),
    requirement=say("messages glued together in one segment come back one by one, in order"),
)
def recv_glued(trace: Trace) -> Text:
    return _all_come_back(trace, "over-read")


@check(
    "recv.utf8-split",
    points=0.5,
    needs=("recv.one",),
    requirement=say("a character of several bytes may be cut between two pieces"),
)
def recv_utf8_split(trace: Trace) -> Text:
    return _all_come_back(trace, "single-recv")


@check(
    "recv.large",
    points=0.5,
    needs=("recv.one",),
    requirement=say("messages of 64 KiB and of 1 MiB come back whole"),
)
def recv_large(trace: Trace) -> Text:
    return _all_come_back(trace, "single-recv")


@check(
    "recv.empty",
    points=0.5,
    needs=("recv.one",),
    requirement=say("a message of length 0 is an empty text, not the end"),
)
def recv_empty(trace: Trace) -> Text:
    return _all_come_back(trace, "empty-is-eof")


@check(
    "recv.text-exact",
    points=0.5,
    needs=("recv.one",),
    requirement=say("NUL, line ends, blanks and any other character come back unchanged"),
)
def recv_text_exact(trace: Trace) -> Text:
    return _all_come_back(trace, "changes-text")


@check(
    "recv.random",
    points=0.5,
    needs=("recv.one",),
    requirement=say("1000 random messages, cut at 150 random places, come back whole and in order"),
)
def recv_random(trace: Trace) -> Text:
    return _all_come_back(trace, "single-recv")


@check(
    "recv.timeout",
    points=0.25,
    needs=("recv.one",),
    requirement=say("a socket with a timeout set changes nothing (MSG_WAITALL may then return less)"),
)
def recv_timeout(trace: Trace) -> Text:
    return _all_come_back(trace, "single-recv")


@check(
    "recv.any-cut",
    points=0.25,
    needs=("recv.one",),
    requirement=say("whole, byte by byte or with half a frame behind: the same bytes give the same messages"),
)
def recv_any_cut(trace: Trace) -> Text:
    for run in ("whole", "byte by byte", "with half a frame behind"):
        _expect_told(trace, run, "over-read" if run != "byte by byte" else "single-recv", then_none=run == "whole")
    return say("three deliveries gave the same {n} messages", n=len(trace.of(Told, conn="whole")))


@check(
    "recv.bad-length",
    points=0.5,
    needs=("recv.one",),
    requirement=say("a length below 0 or above 1,048,576 is a ValueError at once, before anything else is read"),
)
def recv_bad_length(trace: Trace) -> Text:
    return _refused(trace)


@check(
    "recv.http",
    points=0.25,
    severity=SHOULD,
    needs=("recv.bad-length",),
    requirement=say("a browser that connects by mistake is refused: its first four bytes are no possible length"),
)
def recv_http(trace: Trace) -> Text:
    return _refused(trace)


def _refused(trace: Trace) -> Text:
    """A ValueError for every length that was sent, while the connection was still open, and without much memory."""
    names = tuple(dict.fromkeys(c.conn for c in trace.of(Connected)))
    for name in names:
        expected = say("ValueError for the length {name}", name=name)
        got = outcomes(trace, name)
        grown = trace.first(Measured, what=f"memory {name}")
        code = "negative-length" if name.startswith("-") else "no-limit"
        if not got or not _answered_open(trace, name):
            still = standstill(trace, name)
            fail(expected, say("it took the length for good: {what}", what=still.text), code, still.where)
        if not got[0].is_a("ValueError"):
            fail(expected, got[0].text, code, got[0].where)
        if grown and grown.value >= GROWTH:
            fail(expected, say("{n} MiB were allocated before the refusal", n=grown.value), code, got[0].where)
    return say("{n} impossible lengths were refused", n=len(names))


@check(
    "recv.end-between",
    points=0.5,
    needs=("recv.one",),
    requirement=say("None when the peer ends between two messages"),
)
def recv_end_between(trace: Trace) -> Text:
    for run in ("at once", "after one"):
        _expect_told(trace, run, "over-read", then_none=True)
    return say("it returned None, once before and once after a message")


@check(
    "recv.end-inside",
    points=0.5,
    needs=("recv.one",),
    requirement=say("ConnectionError when the peer ends inside a message"),
)
def recv_end_inside(trace: Trace) -> Text:
    names = tuple(dict.fromkeys(c.conn for c in trace.of(Connected)))
    for name in names:
        expected = say("ConnectionError after {name} bytes of a frame and the peer's end", name=name)
        got = outcomes(trace, name)
        if not got:
            still = standstill(trace, name)
            fail(expected, still.text, None if still.quiet else "spins-on-eof", still.where)
        if not got[0].is_a("ConnectionError"):
            fail(expected, got[0].text, _short_end(got[0]), got[0].where)
    return say("{n} cut-off frames were reported", n=len(names))


def _short_end(outcome: Outcome) -> str | None:
    if outcome.value:
        return "eof-as-none" if outcome.value.kind == "none" else "short-on-eof"
    return "single-recv" if outcome.raised and outcome.raised.error == "struct.error" else None


@check(
    "recv.reset",
    points=0.5,
    needs=("recv.one",),
    requirement=say("ConnectionError when the peer resets the connection inside a message"),
)
def recv_reset(trace: Trace) -> Text:
    expected = say("ConnectionError after a reset")
    got = outcomes(trace, "a")
    if not got:
        still = standstill(trace, "a")
        fail(expected, still.text, "spins-on-eof", still.where)
    if not got[0].is_a("ConnectionError"):
        fail(expected, got[0].text, "swallows-errors" if got[0].value else None, got[0].where)
    return got[0].text


@check(
    "recv.invalid-utf8",
    points=0.5,
    needs=("recv.one",),
    requirement=say("a text that is not UTF-8 is a ValueError"),
)
def recv_invalid_utf8(trace: Trace) -> Text:
    names = tuple(dict.fromkeys(c.conn for c in trace.of(Connected)))
    for name in names:
        expected = say("ValueError for a message of the bytes {name}", name=name)
        got = outcomes(trace, name)
        if not got:
            still = standstill(trace, name)
            fail(expected, still.text, None, still.where)
        if not got[0].is_a("ValueError"):
            fail(expected, got[0].text, "decode-errors-hidden" if got[0].value else None, got[0].where)
    return say("{n} broken texts were refused", n=len(names))


@check(
    "recv.leaves-open",
    case="recv.one",
    points=0.25,
    needs=("recv.one",),
    requirement=say("recv_message leaves the socket open"),
)
def recv_leaves_open(trace: Trace) -> Text:
    flow = trace.first(Flow, conn="a", direction="received")
    if not flow or flow.head != OPEN:
        ended = trace.first(Ended, conn="a")
        how = ended.how.upper() if ended else say("nothing")
        fail(say("the socket can still be written to"), say("our side saw {how}", how=how), "closes-socket")
    return say("a byte sent through it afterwards arrived")


@check(
    "recv.two-sockets",
    severity=BONUS,
    points=1,
    needs=("recv.glued",),
    requirement=say("two sockets can be read at the same time, and nothing passes from one to the other"),
)
def recv_two_sockets(trace: Trace) -> Text:
    slow, fast = (trace.of(Told, conn=c)[0].value for c in ("slow", "fast"))
    rest = trace.first(Marked)
    got = [e.value for e in trace.of(Returned)]
    early = [e.value for e in trace.of(Returned) if rest and e.at < rest.at]
    if not any(v.same(fast) for v in early):
        fail(
            say("{value} is returned while the other message is not yet whole", value=fast.shown),
            say("until then it had returned {values}", values=", ".join(v.shown for v in early) or "–"),
            "shared-buffer",
        )
    if not any(v.same(slow) for v in got):
        fail(
            say("then {value}", value=slow.shown),
            say("in all it returned {values}", values=", ".join(v.shown for v in got)),
            "shared-buffer",
        )
    return say("each socket gave its own message")


# --- what the receiver's checks share -------------------------------------------------------------------------------


def _all_come_back(trace: Trace, likely: str) -> Text:
    return _expect_told(trace, "a", likely, then_none=True)


def _expect_told(trace: Trace, run: str, likely: str, then_none: bool) -> Text:
    """Every message that was told on this connection came out of recv_message, in order, and then None."""
    told, got = trace.of(Told, conn=run), outcomes(trace, run)
    for i, message in enumerate(told):
        if i >= len(got) or not _same(got[i], message):
            expected = say("message {i} of {n}: {value}", i=i + 1, n=len(told), value=message.value.shown)
            _fail_outcome(trace, run, got, i, message.value, expected, likely)
    if then_none:
        _expect_none(trace, run, got[len(told) :], likely)
    return say("{n} of {n} messages came back whole", n=len(told))


def _expect_none(trace: Trace, run: str, rest: tuple[Outcome, ...], likely: str) -> None:
    expected = say("None after the peer's end")
    if not rest:
        still = standstill(trace, run)
        fail(expected, still.text, "spins-on-eof" if not still.quiet else None, still.where)
    if not rest[0].value or rest[0].value.kind != "none":
        struct_error = rest[0].raised is not None and rest[0].raised.error == "struct.error"
        fail(expected, rest[0].text, "single-recv" if struct_error else None, rest[0].where)


def _fail_outcome(
    trace: Trace,
    run: str,
    got: tuple[Outcome, ...],
    i: int,
    told: Value,
    expected: Text,
    likely: str | None = None,
) -> None:
    """Fails for outcome i, which is missing or wrong, with the mistake that fits it."""
    if i < len(got):
        fail(expected, got[i].text, _guess(got[i], told, likely), got[i].where)
    still = standstill(trace, run)
    lost = trace.last(Unread, conn=run)
    actual = say("it sleeps on {n} unread bytes", n=lost.size) if lost else still.text
    fail(expected, actual, likely, still.where)


def _guess(outcome: Outcome, told: Value, likely: str | None) -> str | None:
    value = outcome.value
    if value is None:
        error = outcome.raised.error if outcome.raised else ""
        return {"struct.error": "single-recv", "UnicodeDecodeError": "decode-per-chunk"}.get(error, likely)
    if value.kind == "bytes":
        return "returns-bytes"
    if value.kind == "none":
        return "empty-is-eof" if told.size == 0 else likely
    if value.kind == "str" and value.size < told.size and likely in (None, "single-recv"):
        return "single-recv"
    return likely


def _same(outcome: Outcome, message: Told) -> bool:
    return outcome.value is not None and outcome.value.same(message.value)


def _answered_open(trace: Trace, run: str) -> bool:
    """The first outcome of the run came before our side ended the connection."""
    return _before(trace, run, "Finished")


def _returned_before_fin(trace: Trace) -> bool:
    return _before(trace, "a", "Finished")


def _before(trace: Trace, name: str, end: str) -> bool:
    for e in trace.events:
        if type(e).__name__ in ("Returned", "Raised") and getattr(e, "run", "") == name:
            return True
        if type(e).__name__ == end and getattr(e, "conn", "") == name:
            return False
    return False


# --- send_message ---------------------------------------------------------------------------------------------------


@check(
    "send.one",
    points=0.5,
    requirement=say("send_message sends the length in 4 bytes, then the text, and nothing else"),
)
def send_one(trace: Trace) -> Text:
    return _sent_as_due(trace)


@check(
    "send.byte-length",
    points=1,
    needs=("send.one",),
    requirement=say("the length counts bytes: 你好 goes out as 06 00 00 00 and six bytes"),
)
def send_byte_length(trace: Trace) -> Text:
    return _sent_as_due(trace)


@check(
    "send.large",
    points=0.5,
    needs=("send.one",),
    requirement=say("messages of 64 KiB and of 1 MiB go out whole"),
)
def send_large(trace: Trace) -> Text:
    return _sent_as_due(trace)


@check(
    "send.stalled-reader",
    points=1,
    needs=("send.one",),
    requirement=say("a slow reader and a socket with a timeout lose no byte of 8 MiB"),
)
def send_stalled_reader(trace: Trace) -> Text:
    return _sent_as_due(trace, "send-not-sendall")


@check(
    "send.empty",
    points=0.5,
    needs=("send.one",),
    requirement=say("an empty text goes out as a frame of length 0"),
)
def send_empty(trace: Trace) -> Text:
    return _sent_as_due(trace, "no-header")


@check(
    "send.too-long",
    points=0.5,
    needs=("send.one",),
    requirement=say("a text of more than 1,048,576 bytes is a ValueError, and nothing of it is sent"),
)
def send_too_long(trace: Trace) -> Text:
    for name in dict.fromkeys(c.conn for c in trace.of(Connected)):
        expected = say("ValueError for a text that is too long ({name}), and no byte on the wire", name=name)
        got, came = outcomes(trace, name), sum(r.size for r in trace.of(Received, conn=name))
        if not got or not got[0].is_a("ValueError"):
            actual = got[0].text if got else standstill(trace, name).text
            fail(expected, actual, "length-in-characters" if "character" in name else "no-limit", got[0].where if got else None)
        if came:
            fail(expected, say("{n} bytes had gone out before", n=came), "sends-before-check", got[0].where)
    return say("refused before anything was sent")


@check(
    "send.text-exact",
    points=0.25,
    needs=("send.one",),
    requirement=say("NUL, line ends, blanks and any other character go out unchanged"),
)
def send_text_exact(trace: Trace) -> Text:
    return _sent_as_due(trace, "changes-text")


@check(
    "send.random",
    points=0.25,
    needs=("send.one",),
    requirement=say("1000 random messages go out whole and in order"),
)
def send_random(trace: Trace) -> Text:
    return _sent_as_due(trace)


@check(
    "send.leaves-open",
    case="send.one",
    points=0.25,
    needs=("send.one",),
    requirement=say("send_message leaves the socket open"),
)
def send_leaves_open(trace: Trace) -> Text:
    due, came = _flow(trace, "due"), _flow(trace, "received")
    if came.size != due.size + len(OPEN):
        fail(say("the socket can still be written to"), say("it was closed after the message"), "closes-socket")
    return say("a byte sent through it afterwards arrived")


@check(
    "send.reset",
    points=0.25,
    severity=SHOULD,
    needs=("send.one",),
    requirement=say("OSError reaches the caller when the peer has gone"),
)
def send_reset(trace: Trace) -> Text:
    got = outcomes(trace, "a")
    failed = next((o for o in got if o.raised), None)
    if failed is None:
        still = standstill(trace, "a")
        actual = say("{n} messages were sent into a dead connection without a word", n=len(got)) if got else still.text
        fail(say("an OSError"), actual, "swallows-errors", still.where)
    if not failed.is_a("OSError"):
        fail(say("an OSError"), failed.text, None, failed.where)
    return failed.text


def _sent_as_due(trace: Trace, likely: str | None = None) -> Text:
    """What came is what was due, byte for byte (and the driver's own last byte, or nothing, behind it)."""
    due, came = _flow(trace, "due"), _flow(trace, "received")
    if came.size in (due.size, due.size + len(OPEN)) and _agree(due, came):
        return say("{n} bytes came as they were due", n=due.size)
    failed = next((o for o in outcomes(trace, "a") if o.raised), None)
    expected = say("{n} bytes: {hex}", n=due.size, hex=_hex(due))
    if failed:
        fail(expected, failed.text, likely, failed.where)
    if came.size == 0:
        still = standstill(trace, "a")
        fail(expected, say("no byte: {what}", what=still.text), likely or "no-header", still.where)
    at = _first_difference(due, came)
    actual = say("{n} bytes: {hex} (the first difference is at byte {at})", n=came.size, hex=_hex(came), at=at)
    fail(expected, actual, _guess_sent(due, came, likely))


def _guess_sent(due: Flow, came: Flow, likely: str | None) -> str | None:
    """Reads the first frame that came: which mistake makes such a header?"""
    head, body = due.head[:4], due.head[4:]
    seen = came.head
    if head[::-1] != head and seen.startswith(head[::-1]):
        return "byte-order"
    if seen.startswith(body[:8]) and body and not seen.startswith(head):
        return "no-header"
    if seen[8:].startswith(body[:8]) and body or seen[2:].startswith(body[:8]) and body:
        return "wrong-width"
    characters = len(body[: due.size - 4].decode(errors="ignore"))
    order = "little" if head[0] else "big"
    if body and int.from_bytes(seen[:4], order) == characters != len(body):
        return "length-in-characters"
    if came.size < due.size and seen.startswith(head):
        return likely or "send-not-sendall"
    if came.size > due.size and _agree(due, came):
        return "adds-bytes"
    return likely or ("adds-bytes" if came.size > due.size else None)


def _flow(trace: Trace, direction: str) -> Flow:
    found = trace.first(Flow, conn="a", direction=direction)
    if found is None and direction == "due":
        raise Unclear(say("the peer did not record what was due"))
    return found or Flow(0.0, "a", direction, 0, (), b"")


def _agree(due: Flow, came: Flow) -> bool:
    """The bytes that are due are the first of those that came, as far as digests of whole blocks and heads tell."""
    whole = due.size // BLOCK
    if due.blocks[:whole] != came.blocks[:whole] or not came.head.startswith(due.head):
        return False
    return came.size > due.size or due.blocks == came.blocks


def _first_difference(due: Flow, came: Flow) -> int:
    pairs = enumerate(zip(due.head, came.head, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(due.head), len(came.head)))
    if at < min(len(due.head), 120):
        return at
    block = next((i for i, (a, b) in enumerate(zip(due.blocks, came.blocks, strict=False)) if a != b), None)
    return min(due.size, came.size) if block is None else block * BLOCK


def _hex(flow: Flow) -> str:
    return flow.head[:24].hex(" ") + (" …" if flow.size > 24 else "")

