"""What decides `framing`. Chapter section 1.5; wire specification: 4-byte signed length, then UTF-8.

The receiver's checks compare the messages that our peer put on the wire (Told) with the outcomes of recv_message; the
sender's compare the bytes that are due with those that came. Each check judges its own requirement only: what
recv_message makes of the end is asked by `recv.end-between` and nowhere else.

Rule for the names of mistakes: a mistake is named where what was seen tells it from all others, or where the checks
that this one needs have ruled the others out. In doubt none is named; expected and actual then speak for themselves.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Literal, NoReturn

from grader.analysis.outcomes import Outcome, Standstill, outcomes, standstill
from grader.checks import BONUS, SHOULD, Unclear, check, fail, mistake
from grader.model import (
    Busy,
    Connected,
    Drained,
    Exited,
    Flow,
    GaveUp,
    Marked,
    Measured,
    Quiet,
    Returned,
    Sent,
    Text,
    Told,
    Trace,
    Unread,
    Value,
    Vanished,
    say,
)
from grader.wire.frames import HEADER, LIMIT
from grader.wire.payload import BLOCK, SHOWN, value_of

OPEN = b"!"  # what the driver sends last, to show that the socket is still open
GROWTH = 8  # MiB

MISTAKES = (
    # How recv is called.
    mistake(
        "single-recv",
        say("One recv was taken for one whole piece: recv(n) returns *at most* n bytes, often fewer."),
        say("How many bytes are still missing after a recv? Ask again until none are, or the peer has ended."),
        "head = sock.recv(4)        # may be 1, 2 or 3 bytes\n"
        "(n,) = struct.unpack('<i', head)\n"
        "body = sock.recv(n)         # may be less than n",
    ),
    mistake(
        "waitall-once",
        say("One recv with MSG_WAITALL was taken for the whole: on a socket with a time-out it may return less."),
        say("Read `man 2 recv` on MSG_WAITALL. Does your code look at how much it was given?"),
        "body = sock.recv(n, socket.MSG_WAITALL)",
    ),
    mistake(
        "over-read",
        say("More bytes were read than belong to this message, and those of the next one were lost."),
        say("Never ask recv for more than what this message still lacks, or keep the rest for the next call."),
        "data = sock.recv(1024)     # may hold the next message too",
    ),
    mistake(
        "reads-to-end",
        say("Nothing was returned before the peer had ended, but a message ends where its length says."),
        say("The connection may stay open for hours. How do you know that you have all of one message?"),
        "while chunk := sock.recv(1024):\n    data += chunk",
    ),
    mistake(
        "shared-buffer",
        say("What is left of one connection's bytes is kept in one place for all connections."),
        say("Two sockets may be read at once. What belongs to one must not reach the other."),
        "buffer = b''               # at the top of the module\ndef recv_message(sock):\n    global buffer",
    ),
    # The length.
    mistake(
        "byte-order",
        say("The bytes of the length are in the other order: what one side calls 8 the other calls 134217728."),
        say("The README draws the four bytes. Which of struct's `<`, `>` and `!` puts them in this order?"),
        "struct.pack('!i', 8)       # 00 00 00 08; the README draws 08 00 00 00",
    ),
    mistake(
        "wrong-width",
        say("The length does not take exactly 4 bytes."),
        say("Which struct format is 4 bytes wide on every machine?"),
        "struct.pack('q', n)        # 8 bytes",
    ),
    mistake(
        "length-as-digits",
        say("The length is written as digits, which are text; the frame begins with a number of four bytes."),
        say("The README draws the four bytes. Which module of the standard library turns a number into bytes?"),
        "str(n).zfill(4).encode()   # 8 becomes 30 30 30 38",
    ),
    mistake(
        "counts-header",
        say("The length counts its own four bytes too; it stands for the text alone."),
        say("What is the length of an empty message?"),
        "struct.pack('<i', 4 + len(body))",
    ),
    mistake(
        "length-in-characters",
        say("The length was taken to count characters; it counts bytes (你好 is 2 characters and 6 bytes)."),
        say("Sending: encode first, then measure. Receiving: count bytes, then decode."),
        "struct.pack('<i', len(text)) + text.encode()",
    ),
    mistake(
        "no-header",
        say("The length in front is missing: a bare text was sent or expected, or nothing at all for an empty one."),
        say("The receiver reads four bytes before anything else: they must be there, also for an empty message."),
        "sock.sendall(text.encode())",
    ),
    mistake(
        "no-limit",
        say("The announced length was believed: a stranger can make you wait for ever, or fill your memory."),
        say("Compare the length with the limit before anything is read or made ready for it."),
        "(n,) = struct.unpack('<i', head)\nbody = recv_exactly(sock, n)   # n may be 2147483647",
    ),
    mistake(
        "negative-length",
        say("A negative length was accepted."),
        say("The four bytes are signed: what do ff ff ff ff mean?"),
        "if n > LIMIT: raise ValueError   # and n == -1?",
    ),
    mistake(
        "limit-off-by-one",
        say("A message of exactly 1,048,576 bytes was refused; it is the longest that is allowed."),
        say("`<` or `<=`?"),
        "if n >= LIMIT: raise ValueError",
    ),
    # The end of the stream.
    mistake(
        "empty-is-eof",
        say("A message of length 0 was taken for the end of the connection."),
        say("b'' from recv means the end only if at least one byte was asked for. What does recv(0) return?"),
        "body = sock.recv(n)        # n == 0\nif not body: return None",
    ),
    mistake(
        "end-as-empty",
        say("The end of the connection was returned as '', which is what an empty message gives."),
        say("The caller must be able to tell the two apart: what does the docstring say about the end?"),
        "if not head: return ''",
    ),
    mistake(
        "eof-not-seen",
        say("recv had returned b'', which means the peer has ended, and the program went on as if bytes had come."),
        say("What does recv return when nothing will ever come again? Look at it before you unpack."),
        "head = sock.recv(4)        # b'' at the end\n(n,) = struct.unpack('<i', head)",
    ),
    mistake(
        "eof-as-error",
        say("The peer ended between two messages, as every conversation does, and that was reported as an error."),
        say("How many bytes of the next message had come? None at all is a proper end."),
        "if len(head) < 4: raise ConnectionError   # also when not one byte has come",
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
        "swallows-errors",
        say("The error was caught and nothing was said: the caller cannot know that the message is lost."),
        say("Let the exception pass to the caller."),
        "try: ...\nexcept OSError: return None",
    ),
    # The text.
    mistake(
        "decode-per-chunk",
        say("Each piece was decoded by itself, but a character of several bytes may be cut between two pieces."),
        say("Collect bytes; decode once, when the message is complete."),
        "text += sock.recv(n).decode()",
    ),
    mistake(
        "decode-errors-hidden",
        say("Bytes that are not UTF-8 were replaced or dropped, and a text came out that nobody sent."),
        say("Let decode raise: its UnicodeDecodeError is a ValueError already."),
        "body.decode(errors='ignore')",
    ),
    mistake(
        "other-encoding",
        say("The text was encoded or decoded with something other than UTF-8, and the two sides do not understand it."),
        say("Name the encoding, the same one on both sides; the README says which."),
        "text.encode('gbk')",
    ),
    mistake(
        "changes-text",
        say("The text was changed on its way: white space and line ends are part of the message."),
        say("A message may hold any characters. Pass on exactly what you were given."),
        "return body.decode().strip()",
    ),
    mistake(
        "returns-bytes",
        say("recv_message returned bytes; the message is a text."),
        say("The bytes on the wire are UTF-8: decode them."),
        "return body",
    ),
    # The socket, and sending.
    mistake(
        "closes-socket",
        say("The function closed the socket, which belongs to its caller and has more messages to carry."),
        say("Who opened the socket closes it."),
        "sock.close()               # or: with sock:",
    ),
    mistake(
        "send-not-sendall",
        say("send() may take only part of the bytes and returns how many; the rest was never sent."),
        say("What does send return, and which method sends all?"),
        "sock.send(head + body)",
    ),
    mistake(
        "sends-too-much",
        say(
            "A text above the limit was sent: whoever reads it by the rules will refuse it and give up the connection."
        ),
        say("The limit binds both sides. Where does send_message compare with it?"),
        "sock.sendall(struct.pack('<i', len(body)) + body)   # however long",
    ),
    mistake(
        "limit-in-characters",
        say("The limit was compared with the number of characters; it is one of bytes."),
        say("Encode first, then measure."),
        "if len(text) > LIMIT: raise ValueError",
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

# What a program that does not understand our frame understands instead: script.py tries these.
DIALECTS: dict[str, tuple[str, Callable[[str], Text]]] = {
    "bare": ("no-header", lambda _: say("it understood the bare text, without a length")),
    "to-the-end": ("reads-to-end", lambda _: say("it returned nothing until our side had ended the connection")),
    "other-order": ("byte-order", lambda h: say("it understood the length {hex}, which is the other way round", hex=h)),
    "2-byte": ("wrong-width", lambda h: say("it understood a length of 2 bytes: {hex}", hex=h)),
    "8-byte": ("wrong-width", lambda h: say("it understood a length of 8 bytes: {hex}", hex=h)),
    "digits": ("length-as-digits", lambda h: say("it understood a length in digits: {hex}", hex=h)),
    "self-counting": ("counts-header", lambda h: say("it understood {hex}, a length that is 4 too great", hex=h)),
}


@check("recv.one", points=0.5, requirement=say("recv_message returns the text of a frame as soon as it is whole"))
def recv_one(trace: Trace) -> Text:
    told = trace.of(Told, conn="a")[0].value
    got = _answers(trace, "a")
    if not got or not _gave(got[0], told):
        _fail_one(trace, told)
    return say("it returned {value}", value=told.shown)


def _fail_one(trace: Trace, told: Value) -> NoReturn:
    sent = trace.first(Sent, conn="a")
    expected = say("{value} for the frame {hex} …", value=told.shown, hex=sent.data[:HEADER].hex(" ") if sent else "")
    for name, (code, actual) in DIALECTS.items():
        if any(_gave(o, told) for o in outcomes(trace, name)):
            fail(expected, actual(_length_sent(trace, name)), code)
    _fail_message(trace, "a", 0, expected, None)


def _length_sent(trace: Trace, name: str) -> str:
    """What our peer sent before the text, in hex."""
    sent, told = trace.first(Sent, conn=name), trace.first(Told, conn=name)
    return sent.data[: sent.size - told.value.size].hex(" ") if sent and told else ""


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
    needs=("recv.payload-split", "recv.byte-length"),
    requirement=say("a character of several bytes may be cut between two pieces"),
)
def recv_utf8_split(trace: Trace) -> Text:
    return _all_come_back(trace, "decode-per-chunk")


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
    return _all_come_back(trace)


@check(
    "recv.text-exact",
    points=0.5,
    needs=("recv.byte-length",),
    requirement=say("NUL, line ends, blanks and any other character come back unchanged"),
)
def recv_text_exact(trace: Trace) -> Text:
    return _all_come_back(trace)


@check(
    "recv.random",
    points=0.5,
    needs=("recv.byte-length",),
    requirement=say("1000 random messages, cut at random places, come back whole and in order"),
)
def recv_random(trace: Trace) -> Text:
    return _all_come_back(trace)


@check(
    "recv.timeout",
    points=0.25,
    needs=("recv.header-split", "recv.payload-split"),
    requirement=say("a socket with a time-out set changes nothing"),
)
def recv_timeout(trace: Trace) -> Text:
    return _all_come_back(trace, "waitall-once")


@check(
    "recv.any-cut",
    points=0.25,
    needs=("recv.byte-length",),
    requirement=say("whole, byte by byte or with half a frame behind: the same bytes give the same messages"),
)
def recv_any_cut(trace: Trace) -> Text:
    for name, likely in (("whole", "over-read"), ("byte by byte", "single-recv"), ("half a frame behind", "over-read")):
        _all_come_back(trace, likely, name)
    return say("three deliveries gave the same {n} messages", n=len(trace.of(Told, conn="whole")))


@check(
    "recv.bad-length",
    points=0.5,
    needs=("recv.one",),
    requirement=say("a length below 0 or above 1,048,576 is a ValueError at once, before anything else is read"),
)
def recv_bad_length(trace: Trace) -> Text:
    names = _parts(trace)
    for name in names:
        _refused(trace, name, say("ValueError for the length {n}, within a second", n=name))
    return say("{n} impossible lengths were refused", n=len(names))


@check(
    "recv.http",
    points=0.25,
    severity=SHOULD,
    needs=("recv.one",),
    requirement=say("a browser that connects by mistake is refused: its first four bytes are no possible length"),
)
def recv_http(trace: Trace) -> Text:
    first = _parts(trace)[0]
    number = int.from_bytes(first.encode(), trace.options["byte_order"])
    _refused(trace, first, say("ValueError for the first bytes {bytes}, the length {n}", bytes=repr(first), n=number))
    return say("it refused {bytes} as a length", bytes=repr(first))


def _refused(trace: Trace, name: str, expected: Text) -> None:
    """A ValueError, while the connection was still open, without much memory and at once."""
    got, code = _answers(trace, name), "negative-length" if name.startswith("-") else "no-limit"
    if not got:
        still = _stopped(trace, name)
        fail(expected, say("it took the length for good: {what}", what=still.text), code, still.where)
    if not got[0].is_a("ValueError"):
        fail(expected, got[0].text, _unrefused(got[0], code), got[0].where)
    grown = trace.first(Measured, what=f"memory {name}")
    if grown and grown.value >= GROWTH:
        actual = say("ValueError, but first it took {n} MiB of memory", n=round(grown.value))
        fail(expected, actual, "no-limit", got[0].where)
    slow = trace.first(GaveUp, run=name)
    if slow:
        fail(expected, say("ValueError, but only after {n} s", n=slow.seconds), "no-limit", got[0].where)


def _unrefused(outcome: Outcome, code: str) -> str | None:
    if outcome.value:
        return "swallows-errors" if outcome.value.kind == "none" else code
    return "no-limit" if outcome.is_a("MemoryError", "OverflowError") else None


@check(
    "recv.end-between",
    points=0.5,
    needs=("recv.one",),
    requirement=say("None when the peer ends between two messages"),
)
def recv_end_between(trace: Trace) -> Text:
    for name in _parts(trace):
        told = trace.of(Told, conn=name)
        _all_come_back(trace, None, name)
        _none_at_end(trace, name, _answers(trace, name)[len(told) :])
    return say("it returned None, once before and once after a message")


def _none_at_end(trace: Trace, name: str, rest: tuple[Outcome, ...]) -> None:
    expected = say("None after the peer's end")
    if not rest:
        still = _stopped(trace, name)
        fail(expected, still.text, "spins-on-eof" if _spinning(trace, name) else None, still.where)
    if not rest[0].value or rest[0].value.kind != "none":
        fail(expected, rest[0].text, _misread_end(rest[0]), rest[0].where)


def _misread_end(outcome: Outcome) -> str | None:
    if _used_closed(outcome):
        return "closes-socket"
    if outcome.value:
        return "end-as-empty" if outcome.value.kind == "str" and not outcome.value.size else None
    if outcome.is_a("struct.error", "IndexError"):
        return "eof-not-seen"
    return "eof-as-error" if outcome.is_a("OSError", "EOFError") else None


@check(
    "recv.end-inside",
    points=0.5,
    needs=("recv.header-split", "recv.payload-split"),
    requirement=say("ConnectionError when the peer ends inside a message"),
)
def recv_end_inside(trace: Trace) -> Text:
    names = _parts(trace)
    for name in names:
        whole = HEADER + trace.of(Told, conn=name)[0].value.size
        expected = say("ConnectionError when the peer ends after {k} of {n} bytes of a frame", k=name, n=whole)
        got = _answers(trace, name)
        if not got:
            still = _stopped(trace, name)
            fail(expected, still.text, "spins-on-eof" if _spinning(trace, name) else None, still.where)
        if not got[0].is_a("ConnectionError"):
            fail(expected, got[0].text, _short_end(got[0]), got[0].where)
    return say("{n} cut-off frames were reported", n=len(names))


def _short_end(outcome: Outcome) -> str | None:
    if outcome.value:
        return "eof-as-none" if outcome.value.kind == "none" else "short-on-eof"
    return "eof-not-seen" if outcome.is_a("struct.error", "IndexError") else None


@check(
    "recv.reset",
    points=0.5,
    needs=("recv.payload-split",),
    requirement=say("ConnectionError when the peer resets the connection inside a message"),
)
def recv_reset(trace: Trace) -> Text:
    expected = say("ConnectionError after a reset")
    got = _answers(trace, "a")
    if not got:
        still = _stopped(trace, "a")
        fail(expected, still.text, "swallows-errors" if _spinning(trace, "a") else None, still.where)
    if not got[0].is_a("ConnectionError"):
        codes = {"none": "swallows-errors", "str": "short-on-eof"}
        fail(expected, got[0].text, codes.get(got[0].value.kind) if got[0].value else None, got[0].where)
    return got[0].text


@check(
    "recv.invalid-utf8",
    points=0.5,
    needs=("recv.one",),
    requirement=say("a text that is not UTF-8 is a ValueError"),
)
def recv_invalid_utf8(trace: Trace) -> Text:
    names = _parts(trace)
    for name in names:
        expected = say("ValueError for a message of the bytes {hex}", hex=name)
        got = _answers(trace, name)
        if not got:
            still = _stopped(trace, name)
            fail(expected, still.text, None, still.where)
        if not got[0].is_a("ValueError"):
            codes = {"str": "decode-errors-hidden", "none": "swallows-errors"}
            fail(expected, got[0].text, codes.get(got[0].value.kind) if got[0].value else None, got[0].where)
    return say("{n} broken texts were refused", n=len(names))


@check(
    "recv.leaves-open",
    case="recv.end-between",
    points=0.25,
    needs=("recv.one",),
    requirement=say("recv_message leaves the socket open"),
)
def recv_leaves_open(trace: Trace) -> Text:
    expected = say("the socket can be used after recv_message has returned")
    for name, calls in (("at once", 1), ("after one", 2)):
        got = _answers(trace, name)
        closed = next((o for o in got if _used_closed(o)), None)
        if closed:
            fail(expected, closed.text, "closes-socket", closed.where)
        arrived = trace.first(Flow, conn=name, direction="received")
        if not arrived and sum(o.value is not None for o in got) == calls:
            actual = say("after the peer's end it was closed: a byte sent through it did not arrive")
            fail(expected, actual, "closes-socket")
    return say("it was used again afterwards")


@check(
    "recv.two-sockets",
    severity=BONUS,
    points=1,
    needs=("recv.glued", "recv.payload-split"),
    requirement=say("two sockets can be read at the same time, and nothing passes from one to the other"),
)
def recv_two_sockets(trace: Trace) -> Text:
    if not _connected(trace, "fast"):
        raise Unclear(say("the student's side did not connect"))
    slow, fast = (trace.of(Told, conn=c)[0].value for c in ("slow", "fast"))
    rest = trace.first(Marked)
    early = [e.value for e in trace.of(Returned) if rest and e.at < rest.at]
    _expect_among(early, fast, say("{value} while the other message is not yet whole", value=fast.shown), slow)
    _expect_among([e.value for e in trace.of(Returned)], slow, say("then {value}", value=slow.shown), fast)
    return say("each socket gave its own message")


def _expect_among(values: list[Value], wanted: Value, expected: Text, other: Value) -> None:
    if not any(v.same(wanted) for v in values):
        mixed = any(not v.same(other) for v in values)
        actual = say("what was returned: {values}", values=", ".join(v.shown for v in values) or "–")
        fail(expected, actual, "shared-buffer" if mixed else None)


# --- what the receiver's checks share -------------------------------------------------------------------------------


def _parts(trace: Trace) -> tuple[str, ...]:
    """The names of the connections of a case, in order."""
    names = tuple(dict.fromkeys(c.conn for c in trace.of(Connected)))
    if not names:
        raise Unclear(say("the student's side did not connect"))
    return names


def _connected(trace: Trace, name: str) -> bool:
    return trace.first(Connected, conn=name) is not None


def _answers(trace: Trace, run: str) -> tuple[Outcome, ...]:
    """The outcomes of a run before it stood still: what comes when our side moves on is no answer to what it did."""
    for i, e in enumerate(trace.events):
        if isinstance(e, Quiet | Busy) and e.run == run:
            return outcomes(Trace(trace.case, trace.events[:i]), run)
    return outcomes(trace, run)


def _stopped(trace: Trace, run: str) -> Standstill:
    """Why a run did not answer. Unclear where that is not known to be the student's doing."""
    if trace.first(Vanished) or not (_connected(trace, run) or trace.first(Exited, run=run)):
        raise Unclear(say("the student's side did not connect"))
    still = standstill(trace, run)
    last = next((e for e in reversed(trace.events) if isinstance(e, Unread | Drained) and e.conn == run), None)
    if isinstance(last, Unread) and still.quiet:
        return Standstill(say("it waits and leaves {n} bytes unread", n=last.size), still.where, quiet=True)
    return still


def _spinning(trace: Trace, run: str) -> bool:
    """The run neither slept for good nor ended: it goes round in a loop."""
    return any(isinstance(e, Busy | GaveUp) and e.run == run for e in trace.events)


def _used_closed(outcome: Outcome) -> bool:
    """The call failed because the socket, or a file made from it, had been closed on this side."""
    message = outcome.raised.message if outcome.raised else ""
    return (outcome.is_a("OSError") and "[Errno 9]" in message) or (outcome.is_a("ValueError") and "closed" in message)


def _gave(outcome: Outcome, told: Value) -> bool:
    return outcome.value is not None and outcome.value.same(told)


def _all_come_back(trace: Trace, likely: str | None = None, run: str = "a") -> Text:
    """Every message that was told on this connection came out of recv_message, in order.

    likely: the mistake that this case is about; it is named where it fits and nothing speaks for another one.
    """
    told, got = trace.of(Told, conn=run), _answers(trace, run)
    for i, message in enumerate(told):
        if i >= len(got) or not _gave(got[i], message.value):
            expected = say("message {i} of {n}: {value}", i=i + 1, n=len(told), value=message.value.shown)
            _fail_message(trace, run, i, expected, likely)
    return say("{n} of {n} messages came back whole", n=len(told))


def _fail_message(trace: Trace, run: str, i: int, expected: Text, likely: str | None) -> NoReturn:
    """Message i of a run is missing or wrong."""
    got, told = _answers(trace, run), [t.value for t in trace.of(Told, conn=run)]
    if i >= len(got):
        still = _stopped(trace, run)
        fail(expected, still.text, likely if still.quiet else None, still.where)
    value = got[i].value
    if value is None:
        fail(expected, got[i].text, _why_raised(got[i], told, i, likely), got[i].where)
    code = _why_wrong(value, told, i, likely)
    if code is None and _begins(value, told[i], doubt=likely is None):
        actual = say("it returned the first {k} of {n} bytes: {value}", k=value.size, n=told[i].size, value=value.shown)
        fail(expected, actual, _short(likely) or "single-recv")
    fail(expected, got[i].text, code or likely)


def _why_raised(outcome: Outcome, told: list[Value], i: int, likely: str | None) -> str | None:
    """The mistake that an exception in place of message i speaks for."""
    message = outcome.raised.message if outcome.raised else ""
    if _used_closed(outcome):
        return "closes-socket"
    if outcome.is_a("UnicodeDecodeError"):
        if "'utf-8' codec" not in message:
            return "other-encoding"
        return "decode-per-chunk" if likely == "single-recv" and i > 0 else likely  # those before were cut as well
    if outcome.is_a("struct.error"):
        return _short(likely) or "single-recv"
    if outcome.is_a("ConnectionError", "EOFError"):
        return _short(likely) if told[i].size else "empty-is-eof"
    return "limit-off-by-one" if outcome.is_a("ValueError") and told[i].size == LIMIT else None


def _short(likely: str | None) -> str | None:
    """The mistake where less than the whole was taken for the whole, or for the end, although the peer goes on."""
    return "single-recv" if likely == "over-read" else likely


def _why_wrong(value: Value, told: list[Value], i: int, likely: str | None) -> str | None:
    """The mistake that a wrong value in place of message i speaks for."""
    if value.kind == "bytes":
        return "returns-bytes"
    if value.kind == "none":
        return _short(likely) if told[i].size else "empty-is-eof"
    if value.size and told[i].size and any(value.same(t) for t in told[i + 1 :]):
        return "over-read"
    text = _text(told[i])
    if text is None:
        return None
    changes = {"changes-text": CHANGED, "other-encoding": RECODED}
    if likely in ("single-recv", "decode-per-chunk"):
        changes = {"decode-per-chunk": PIECEMEAL, **changes}
    for code, ways in changes.items():
        if any(value.same(value_of(way(text))) for way in ways):
            return code
    longer = value.size > told[i].size > 0 and value.shown.startswith(told[i].shown[:-1])
    return "over-read" if longer and likely != "length-in-characters" else None


# What becomes of a text by typical mistakes.
Change = Callable[[str], str]
CHANGED: tuple[Change, ...] = (
    str.strip,
    str.rstrip,
    str.lstrip,
    lambda t: t.rstrip("\n"),
    lambda t: t.replace("\r\n", "\n"),
    lambda t: "".join(t.splitlines()),
    lambda t: t.replace("\0", ""),
    lambda t: t.partition("\0")[0],
    lambda t: t.partition("\n")[0],
    lambda t: t.removeprefix("\ufeff"),
)
PIECEMEAL: tuple[Change, ...] = (
    lambda t: "".join(c for c in t if c.isascii()),
    lambda t: "".join(c if c.isascii() else "\ufffd" * len(c.encode()) for c in t),
)
RECODED: tuple[Change, ...] = tuple(
    partial(lambda name, errors, t: t.encode().decode(name, errors), name, errors)
    for name in ("gbk", "latin-1", "utf-16-le", "ascii")
    for errors in ("ignore", "replace")
)


def _begins(value: Value, told: Value, doubt: bool) -> bool:
    """The value is a beginning of the message. doubt: do not say so where only the first characters are known."""
    if value.kind != "str" or not 0 < value.size < told.size:
        return False
    whole = value.shown.endswith(("'", '"'))
    return told.shown.startswith(value.shown[:-1] if whole else value.shown[:SHOWN]) and (whole or not doubt)


def _text(told: Value) -> str | None:
    """The whole text of a message of ours, where it was short enough to be kept."""
    return ast.literal_eval(told.shown) if told.shown.endswith(("'", '"')) else None


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
    requirement=say("the length counts bytes: 你好 goes out with the length 6 and as six bytes"),
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
    requirement=say("a slow reader and a socket with a time-out lose no byte of 8 MiB"),
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
    for name, expected in (
        ("ascii", say("ValueError for a text of {n} ASCII characters", n=LIMIT + 1)),
        ("chinese", say("ValueError for a text of {n} Chinese characters", n=LIMIT // 3 + 1)),
    ):
        if not _connected(trace, name):
            raise Unclear(say("the student's side did not connect"))
        got, came = outcomes(trace, name), _received(trace, name)
        refused = bool(got) and got[0].is_a("ValueError")
        if came.head not in (b"", OPEN):
            code = "sends-before-check" if refused else _why_sent(came, name, trace.options["byte_order"])
            fail(expected, _went_out(came), code, got[0].where if got else None)
        if not got:
            fail(expected, _stopped(trace, name).text)
        if not refused:
            fail(expected, got[0].text, "swallows-errors" if got[0].value else None, got[0].where)
    return say("refused before anything was sent")


def _went_out(came: Flow) -> Text:
    most = 4096  # our peer reads no further
    return say("{n} bytes went out", n=came.size) if came.size <= most else say("more than {n} bytes went out", n=most)


def _why_sent(came: Flow, name: str, order: str) -> str | None:
    """A text above the limit went out. Three bytes a character: was it the characters that were counted?"""
    length = int.from_bytes(came.head[:HEADER], _order(order), signed=True)
    if name == "ascii":
        return "sends-too-much"
    return "limit-in-characters" if length == 3 * (LIMIT // 3 + 1) else None


@check(
    "send.text-exact",
    points=0.25,
    needs=("send.byte-length",),
    requirement=say("NUL, line ends, blanks and any other character go out unchanged"),
)
def send_text_exact(trace: Trace) -> Text:
    return _sent_as_due(trace)


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
    if not _same_bytes(_dues(trace)[1], _received(trace, "a")):
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
    got, expected = _answers(trace, "a"), say("an OSError")
    failed = next((o for o in got if o.raised), None)
    if failed is None:
        still = _stopped(trace, "a")
        sent = say("it went on for {n} messages after our side had gone, without a word", n=len(got))
        fail(expected, sent if got else still.text, "swallows-errors" if got else None, still.where)
    if not failed.is_a("OSError"):
        fail(expected, failed.text, None, failed.where)
    return failed.text


# --- what the sender's checks share ---------------------------------------------------------------------------------


def _sent_as_due(trace: Trace, likely: str | None = None) -> Text:
    """What came is what was due, byte for byte (and the driver's own last byte, or nothing, behind it)."""
    if not _connected(trace, "a"):
        raise Unclear(say("the student's side did not connect"))
    dues, came = _dues(trace), _received(trace, "a")
    failed = next((o for o in outcomes(trace, "a") if o.raised), None)
    if failed:
        fail(_bytes(dues[0], 0), failed.text, _why_unsent(failed, dues[0], came), failed.where)
    if not any(_same_bytes(due, came) for due in dues):
        _fail_different(trace, dues[0], came, likely)
    return say("{n} bytes came as they were due", n=dues[0].size)


def _fail_different(trace: Trace, due: Flow, came: Flow, likely: str | None) -> NoReturn:
    """Other bytes came; what is shown begins with the frame in which the first of them stands."""
    if came.head in (b"", OPEN):
        _fail_silent(trace, due, likely)
    at, order = _first_difference(due, came), trace.options["byte_order"]
    if at >= len(due.head) < due.size:
        actual = say("{n} bytes, and somewhere behind byte {at} they are not those that were due", n=came.size, at=at)
        fail(say("{n} bytes, in order", n=due.size), actual, likely)
    start, body = next(f for f in reversed(list(_frames(due, order))) if f[0] <= at)
    code = _why_different(due, came, (start, body), order) or _by_size(due, came) or likely
    fail(_bytes(due, start), _other_order(came, start, order) if code == "byte-order" else _bytes(came, start), code)


def _fail_silent(trace: Trace, due: Flow, likely: str | None) -> NoReturn:
    """Not one byte of the frames came."""
    if outcomes(trace, "a"):
        fail(_bytes(due, 0), say("send_message returned, but nothing was sent"), likely)
    still = _stopped(trace, "a")
    fail(_bytes(due, 0), say("nothing was sent: {what}", what=still.text), likely, still.where)


def _why_unsent(outcome: Outcome, due: Flow, came: Flow) -> str | None:
    """The mistake that an exception from send_message speaks for."""
    if _used_closed(outcome):
        return "closes-socket"
    if outcome.is_a("UnicodeEncodeError"):
        return "other-encoding"
    only_the_longest_lacks = due.size - came.size == HEADER + LIMIT
    return "limit-off-by-one" if outcome.is_a("ValueError") and only_the_longest_lacks else None


def _why_different(due: Flow, came: Flow, frame: tuple[int, bytes], order: str) -> str | None:
    """Reads what came in place of one frame: which mistake makes such a header, or such a text?"""
    start, body = frame
    head, seen = due.head[start : start + HEADER], came.head[start:]
    if seen[:HEADER] == head[::-1] != head:
        return "byte-order"
    if not body:
        return "no-header" if came.size < due.size and seen[:HEADER] != head else None
    at = seen.find(body[:8])
    if at == 0:
        return "no-header"
    if at > 0 and re.fullmatch(rb"\s*\d+\s*", seen[:at]):
        return "length-as-digits"
    if at > 0 and at != HEADER:
        return "wrong-width"
    if at < 0:
        return _why_other_text(seen, body, order)
    return _why_other_length(int.from_bytes(seen[:HEADER], _order(order), signed=True), body)


def _why_other_length(length: int, body: bytes) -> str | None:
    """The text came after four bytes that are not its length."""
    if length == len(body) + HEADER:
        return "counts-header"
    if length == len(body.decode(errors="ignore")) != len(body):
        return "length-in-characters"
    return "adds-bytes" if length in (len(body) + 1, len(body) + 2) else None


def _why_other_text(seen: bytes, body: bytes, order: str) -> str | None:
    """Another text came; it is read by its own length."""
    text = body.decode(errors="ignore")
    length = int.from_bytes(seen[:HEADER], _order(order), signed=True)
    other = seen[HEADER : HEADER + max(length, 0)]
    if any(other == text.encode(name, "ignore") for name in ("gbk", "utf-16", "utf-16-le", "utf-32", "ascii")):
        return "other-encoding"
    return "changes-text" if any(other == change(text).encode() for change in CHANGED) else None


def _by_size(due: Flow, came: Flow) -> str | None:
    """Too much or too little, where all of both is known."""
    if max(due.size, came.size) > SHOWN:
        return None
    if came.head.startswith(due.head):
        return "adds-bytes"
    return "send-not-sendall" if due.head.startswith(came.head) else None


def _frames(due: Flow, order: str) -> Iterator[tuple[int, bytes]]:
    """(offset, text) of the frames that begin in the head that was kept; the last text may be cut."""
    at = 0
    while at + HEADER <= len(due.head):
        size = int.from_bytes(due.head[at : at + HEADER], _order(order))
        yield at, due.head[at + HEADER : at + HEADER + size]
        at += HEADER + size


def _order(order: str) -> Literal["little", "big"]:
    return "big" if order == "big" else "little"


def _dues(trace: Trace) -> tuple[Flow, Flow]:
    """What the student's side is to send: without and with the driver's last byte."""
    found = trace.of(Flow, conn="a", direction="due")
    if len(found) != 2:
        raise Unclear(say("the peer did not record what was due"))
    return found[0], found[1]


def _received(trace: Trace, conn: str) -> Flow:
    return trace.first(Flow, conn=conn, direction="received") or Flow(0.0, conn, "received", 0, (), b"")


def _same_bytes(due: Flow, came: Flow) -> bool:
    return (due.size, due.blocks) == (came.size, came.blocks)


def _first_difference(due: Flow, came: Flow) -> int:
    """The offset of the first byte that differs; where that is beyond the heads, one that lies before it."""
    pairs = enumerate(zip(due.head, came.head, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(due.head), len(came.head)))
    if at < len(due.head):
        return at
    blocks = enumerate(zip(due.blocks, came.blocks, strict=False))
    return max(at, next((i for i, (a, b) in blocks if a != b), 0) * BLOCK)


def _bytes(flow: Flow, start: int) -> Text:
    """How much a flow holds, and its beginning from one frame on."""
    if flow.size <= len(flow.head):  # all of it is known; the driver's byte is not the student's
        flow = replace(flow, size=len(flow.head.removesuffix(OPEN)), head=flow.head.removesuffix(OPEN))
    return say("{n} bytes, from byte {at} on: {hex}", n=flow.size, at=start, hex=_hex(flow, start))


def _other_order(came: Flow, start: int, order: str) -> Text:
    head = came.head[start : start + HEADER]
    return say(
        "{hex}: in the order of the README that is {wrong}; read the other way round it is {right}",
        hex=_hex(came, start),
        wrong=int.from_bytes(head, _order(order), signed=True),
        right=int.from_bytes(head[::-1], _order(order), signed=True),
    )


def _hex(flow: Flow, start: int) -> str:
    shown = flow.head[start : start + 24]
    return shown.hex(" ") + (" …" if flow.size > start + len(shown) else "")
