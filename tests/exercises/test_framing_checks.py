"""What the checks of `framing` read out of traces: the verdict, and the name of the mistake.

A conversation is told in few words: "P" is a message of our peer, the rest is what the student's side did.
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
    Finished,
    Flow,
    Frame,
    GaveUp,
    Marked,
    Measured,
    Quiet,
    Raised,
    Result,
    Returned,
    Sent,
    Told,
    Trace,
    Unread,
    Vanished,
    Verdict,
)
from grader.wire import frames
from grader.wire.payload import FlowMeter, value_of

EXERCISE = find_course(Path(__file__).parents[2]).exercise("framing")
CHECKS = {c.id.removeprefix("framing."): c for c in EXERCISE.checks}
LIMIT = frames.LIMIT


def judged(check: str, *events: Event, case: str = "") -> Result:
    timed = tuple(dataclasses.replace(e, at=float(i)) for i, e in enumerate(events))
    return judge_trace(CHECKS[check], Trace(case or check, timed, {"byte_order": "little"}))


# --- words for events ----------------------------------------------------------------------------------------------


def told(*texts: str, conn: str = "a") -> list[Event]:
    return [Connected(0, conn, "student"), *(Told(0, conn, value_of(t)) for t in texts)]


def gave(*values: object, run: str = "a") -> list[Event]:
    return [Returned(0, run, i, value_of(v)) for i, v in enumerate(values)]


def raised(error: BaseException, run: str = "a", name: str = "") -> list[Event]:
    bases = tuple(c.__name__ for c in type(error).__mro__)
    return [Raised(0, run, 0, name or bases[0], (name, *bases) if name else bases, str(error))]


def waits(run: str = "a") -> list[Event]:
    return [Quiet(0, run, "return")]


STRUCT = "struct.error"
BAD_UTF8 = UnicodeDecodeError("utf-8", b"\xe5", 0, 1, "unexpected end of data")
BAD_ASCII = UnicodeDecodeError("ascii", b"\xe5", 0, 1, "ordinal not in range(128)")
CLOSED = OSError(9, "Bad file descriptor")


PAUSE, ON = Marked(0, "our side pauses"), Marked(0, "our side goes on")


def chosen(error: BaseException, run: str = "a") -> list[Event]:
    """As a line that says so raises it."""
    line = Frame("framing.py", 9, "recv_message", f"raise {type(error).__name__}")
    return [dataclasses.replace(e, frames=(line,)) for e in raised(error, run) if isinstance(e, Raised)]


def pieces(*sizes: int) -> list[Event]:
    """What our peer sent, piece by piece."""
    return [Sent(0, "a", bytes(n), n) for n in sizes]


def unpack_error(run: str = "a", size: int = 4) -> list[Event]:
    return raised(Exception(f"unpack requires a buffer of {size} bytes"), run, STRUCT)


# --- recv_message: which mistake is it? ------------------------------------------------------------------------------

DIALECT = told("Packages", conn="other-order")

NAMED = [
    # what our peer said is the first list, what the student's side did the second
    ("recv.payload-split", told("Packages"), gave("P"), "single-recv"),
    ("recv.payload-split", told("Packages"), gave(None), "single-recv"),
    ("recv.payload-split", told("Packages"), raised(ConnectionError("short")), "single-recv"),
    ("recv.header-split", told("one", "two"), [*gave("one"), *unpack_error()], "single-recv"),
    ("recv.header-split", told("one"), [Unread(0, "a", 2), *waits()], "single-recv"),
    ("recv.header-split", [*told("one"), *pieces(1, 1)], unpack_error(), "single-recv"),
    ("recv.header-split", [*told("one"), *pieces(1, 1, 1, 4)], unpack_error(), "over-read"),  # it had asked again
    ("recv.header-split", told("part00", "x"), gave("rt00\1\0"), "over-read"),
    ("recv.header-split", told("part00"), gave("\0\0\0par"), "single-recv"),
    ("recv.large", told("x" * 65_536), raised(RecursionError()), "recursion"),
    ("recv.one", told("Packages"), raised(EOFError("EOF when reading a line")), "asks-a-person"),
    ("recv.one", told("Packages"), unpack_error(size=8), "wrong-width"),
    ("recv.one", told("Packages"), unpack_error(), None),  # it came in one piece: no recv gave less than the length
    ("recv.header-split", told("one", "two"), raised(NameError("struct")), None),
    ("recv.header-split", told("one", "two"), [*gave("one"), *raised(CLOSED)], "closes-socket"),
    ("recv.header-split", told("one"), raised(ValueError("I/O operation on closed file.")), "closes-socket"),
    ("recv.glued", told("one", "two", "three"), [*gave("one"), *waits()], "over-read"),
    ("recv.glued", told("one", "two", "three"), gave("one", "three"), "over-read"),
    ("recv.glued", told("one", "two"), gave("one\3\0\0\0two"), "over-read"),
    ("recv.glued", told("one", "two"), gave("one", "t"), "single-recv"),
    ("recv.glued", told("one", "two"), [*gave("one"), *raised(EOFError())], "single-recv"),
    ("recv.utf8-split", told("好"), raised(BAD_UTF8), "decode-per-chunk"),
    ("recv.utf8-split", told("好"), gave("\ufffd" * 3), "decode-per-chunk"),
    ("recv.utf8-split", told("a😀b"), gave("ab"), "decode-per-chunk"),
    ("recv.byte-length", told("你好"), gave("你好".encode().decode("gbk", "replace")), "other-encoding"),
    ("recv.byte-length", told("你好"), raised(BAD_ASCII), "other-encoding"),
    ("recv.byte-length", told("你好"), waits(), "length-in-characters"),
    ("recv.byte-length", told("你好"), gave("你好\2\0\0\0"), "length-in-characters"),
    ("recv.random", told("x" * 500), gave("x" * 499), None),  # its end is not known: it may have lost its middle
    ("recv.random", told("网络"), raised(BAD_UTF8), None),  # cut in a character: by which of two mistakes?
    ("recv.random", told("x" * 500), gave("x" * 80), "single-recv"),
    ("recv.large", told("x" * 65_535), gave("x" * 65_532), "single-recv"),
    ("recv.large", told("x" * LIMIT), raised(ValueError("too long")), "limit-off-by-one"),
    ("recv.large", told("x" * 65_536), raised(ValueError("too long")), None),
    ("recv.timeout", [*told("Packages"), ON], gave("Pack"), "waitall-once"),
    ("recv.timeout", [*told("Packages"), ON], unpack_error(), "waitall-once"),
    ("recv.timeout", [*told("Packages"), ON, PAUSE], gave(None), "own-time-out"),
    ("recv.timeout", told("Packages"), gave(None), "own-time-out"),
    ("recv.empty", told("", "x"), gave(None), "empty-is-eof"),
    ("recv.empty", told("", "x"), raised(ConnectionError()), "empty-is-eof"),
    ("recv.empty", told("", "x"), gave("x"), "skips-empty"),
    ("recv.empty", told("", "x"), waits(), None),
    ("recv.text-exact", told("  blanks  "), gave("blanks"), "changes-text"),
    ("recv.text-exact", told("dos\r\n"), gave("dos\n"), "changes-text"),
    ("recv.text-exact", told("a\0b"), gave("a"), "changes-text"),
    ("recv.one", told("Packages"), gave(b"Packages"), "returns-bytes"),
    ("recv.one", told("Packages"), [*waits(), *DIALECT, *gave("Packages", run="other-order")], "byte-order"),
    ("recv.one", told("Packages"), [*waits(), *told("Packages", conn="2-byte"), *gave("??Pack", run="2-byte")], None),
    ("recv.reset", told(), gave(None), "swallows-errors"),
    ("recv.reset", told(), gave("neve"), "short-on-eof"),
    ("recv.reset", told(), [Busy(0, "a", 1.0, 3.0)], "swallows-errors"),
    ("recv.invalid-utf8", told(conn="ff fe"), gave("", run="ff fe"), "decode-errors-hidden"),
    ("recv.invalid-utf8", told(conn="ff fe"), gave(None, run="ff fe"), "swallows-errors"),
    ("recv.invalid-utf8", told(conn="ff fe"), gave(b"\xff\xfe", run="ff fe"), None),
    ("recv.invalid-utf8", told(conn="e4 bd"), gave("浣", run="e4 bd"), "other-encoding"),
    ("recv.invalid-utf8", told(conn="ff fe"), chosen(ConnectionError(), "ff fe"), "other-exception"),
    ("recv.end-between", told(conn="at once"), gave("", run="at once"), "end-as-empty"),
    ("recv.end-between", told(conn="at once"), unpack_error("at once"), "eof-not-seen"),
    ("recv.end-between", told(conn="at once"), raised(ConnectionError(), "at once"), "eof-as-error"),
    ("recv.end-between", told(conn="at once"), [Busy(0, "at once", 1.0, 3.0)], "spins-on-eof"),
    ("recv.end-between", told(conn="at once"), waits("at once"), None),
    ("recv.end-inside", told("cut", conn="2"), gave(None, run="2"), "eof-as-none"),
    ("recv.end-inside", told("cut", conn="5"), gave("c", run="5"), "short-on-eof"),
    ("recv.end-inside", told("cut", conn="1"), unpack_error("1"), "eof-not-seen"),
    ("recv.end-inside", told("cut", conn="1"), raised(ValueError(), "1"), None),
    ("recv.end-inside", told("cut", conn="1"), chosen(ValueError(), "1"), "other-exception"),
    ("recv.end-inside", told("cut", conn="1"), raised(RecursionError(), "1"), "recursion"),
    ("recv.end-inside", told("cut", conn="1"), [GaveUp(0, "exit", 10.0, "1")], "spins-on-eof"),
    ("recv.bad-length", told(conn="-1"), gave("", run="-1"), "negative-length"),
    ("recv.bad-length", told(conn="1048577"), waits("1048577"), "no-limit"),
    ("recv.bad-length", told(conn="1048577"), raised(MemoryError(), "1048577"), "no-limit"),
    ("recv.bad-length", told(conn="1048577"), raised(ConnectionError(), "1048577"), None),
    ("recv.bad-length", told(conn="9"), [*raised(ValueError(), "9"), Measured(0, "memory 9", 64.0, "MiB")], "no-limit"),
    ("recv.bad-length", told(conn="9"), [*raised(ValueError(), "9"), GaveUp(0, "return", 1.5, "9")], "no-limit"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "peer", "student", "mistake"), NAMED)
def test_a_failure_names_its_mistake_or_none(
    check: str, peer: list[Event], student: list[Event], mistake: str | None
) -> None:
    result = judged(check, *peer, *student)
    assert (result.verdict, result.mistake) == (Verdict.FAIL, mistake)


def test_every_named_mistake_is_declared() -> None:
    assert {m for *_, m in (*NAMED, *SENT) if m} <= set(EXERCISE.mistakes)


# --- recv_message: what is evidence? --------------------------------------------------------------------------------


def test_an_answer_that_comes_when_our_side_has_moved_on_is_none() -> None:
    late = [*told("Packages"), *waits(), Finished(0, "a"), *gave("Packages")]
    assert judged("recv.one", *late).verdict is Verdict.FAIL
    assert judged("recv.one", *told("Packages"), *gave("Packages"), *waits()).verdict is Verdict.PASS


def test_what_comes_of_the_end_is_no_business_of_the_other_checks() -> None:
    assert judged("recv.byte-length", *told("你好"), *gave("你好"), *unpack_error()).verdict is Verdict.PASS


def test_no_connection_is_not_the_students_fault_unless_the_process_has_ended() -> None:
    assert judged("recv.reset").verdict is Verdict.UNDECIDED
    assert judged("recv.bad-length").verdict is Verdict.UNDECIDED
    assert judged("send.too-long").verdict is Verdict.UNDECIDED
    assert judged("recv.reset", Exited(0, "a", 3)).verdict is Verdict.FAIL


def test_a_program_that_ends_its_sandbox_fails_for_that() -> None:
    result = judged("recv.reset", *told(), Vanished(0, "its process has ended"))
    assert (result.verdict, result.mistake) == (Verdict.FAIL, "ends-the-interpreter")


def test_a_late_refusal_is_played_again_before_it_is_believed() -> None:
    result = judged("recv.bad-length", *told(conn="9"), *raised(ValueError(), "9"), GaveUp(0, "return", 1.5, "9"))
    assert result.deadline


OPEN_AT_ONCE = [*told(conn="at once"), *gave(None, run="at once"), Flow(0, "at once", "received", 1, (), b"!")]
MESSAGE = [*told("x", conn="after one"), *gave("x", run="after one")]
LEFT_OPEN = [
    ([*OPEN_AT_ONCE, *MESSAGE, *raised(ConnectionError(), "after one")], Verdict.PASS),  # it was open to be read
    ([*OPEN_AT_ONCE, *MESSAGE, *raised(CLOSED, "after one")], Verdict.FAIL),
    ([*told(conn="at once"), *gave(None, run="at once"), *MESSAGE], Verdict.FAIL),
    ([*told(conn="at once"), *raised(ConnectionError(), "at once"), *MESSAGE, *waits("after one")], Verdict.PASS),
]


@pytest.mark.parametrize(("events", "verdict"), LEFT_OPEN)
def test_the_socket_is_open_where_it_was_used_again(events: list[Event], verdict: Verdict) -> None:
    assert judged("recv.leaves-open", *events).verdict is verdict


TWO = [*told("slow", conn="slow"), *told("fast", conn="fast")]
BOTH = [
    ([*gave("fast"), Marked(0, "rest"), *gave("slow")], Verdict.PASS, None),
    ([Marked(0, "rest"), *gave("slow", "fast")], Verdict.FAIL, None),  # one waits for the other: no mixing
    ([*gave("slfast"), Marked(0, "rest"), *gave("ow")], Verdict.FAIL, "shared-buffer"),
    ([*gave("fast"), Marked(0, "rest"), *gave("ow")], Verdict.FAIL, "shared-buffer"),
]


@pytest.mark.parametrize(("events", "verdict", "mistake"), BOTH)
def test_two_sockets(events: list[Event], verdict: Verdict, mistake: str | None) -> None:
    result = judged("recv.two-sockets", *TWO, *events)
    assert (result.verdict, result.mistake) == (verdict, mistake)


# --- send_message ---------------------------------------------------------------------------------------------------


def flow(data: bytes, direction: str) -> Flow:
    meter = FlowMeter()
    meter.add(data)
    return Flow(0, "a", direction, meter.size, meter.blocks(), meter.head)


def sent(check: str, due: bytes, came: bytes, *more: Event) -> Result:
    flows = flow(due, "due"), flow(due + b"!", "due"), flow(came, "received")
    return judged(check, Connected(0, "a", "student"), flows[0], flows[1], *more, *([flows[2]] if came else []))


def framed(*texts: str) -> bytes:
    return b"".join(frames.encode(t.encode()) for t in texts)


SENT = [
    ("send.one", framed("Packages"), b"\0\0\0\x08Packages!", "byte-order"),
    ("send.one", framed("Packages"), b"\x08\0\0\0\0\0\0\0Packages!", "wrong-width"),
    ("send.one", framed("Packages"), b"\x08\0Packages!", "wrong-width"),
    ("send.one", framed("Packages"), b"0008Packages!", "length-as-digits"),
    ("send.one", framed("Packages"), b"8Packages!", "length-as-digits"),
    ("send.one", framed("Packages"), b"\x0c\0\0\0Packages!", "counts-header"),
    ("send.one", framed("Packages"), b"Packages!", "no-header"),
    ("send.one", framed("Packages"), framed("Packages") + b"\n!", "adds-bytes"),
    ("send.one", framed("Packages"), framed("Packages\n") + b"!", "adds-bytes"),
    ("send.one", framed("Packages"), framed("Packages")[:-1], "lost-piece"),  # so little goes out whole, also by send()
    ("send.one", framed("Packages"), framed("\ufeffPackages") + b"!", "other-encoding"),
    ("send.large", framed("x" * 5000), framed("x" * 4096) + b"!", "lost-piece"),
    ("send.large", framed("x" * 5000), framed("x" * 4096, "x" * 904) + b"!", "several-frames"),
    ("send.stalled-reader", framed("x" * 5000), framed("x" * 4999) + b"!", "lost-piece"),
    ("send.stalled-reader", framed("x" * 5000), framed("x" * 5000)[:2048], "send-not-sendall"),
    ("send.one", framed("Packages"), framed("Packages") + b"\n", "adds-bytes"),  # as long as with the driver's byte
    ("send.byte-length", framed("你好"), b"\2\0\0\0" + "你好".encode() + b"!", "length-in-characters"),
    ("send.byte-length", framed("你好"), b"\4\0\0\0" + "你好".encode("gbk") + b"!", "other-encoding"),
    ("send.empty", framed("", "x"), framed("x") + b"!", "no-header"),
    ("send.text-exact", framed("ab", " x "), framed("ab", "x") + b"!", "changes-text"),
    ("send.random", framed("x" * 5000), framed("x" * 4000 + "y" * 1000) + b"!", None),
]


@pytest.mark.parametrize(("check", "due", "came", "mistake"), SENT)
def test_what_was_sent_names_the_mistake(check: str, due: bytes, came: bytes, mistake: str | None) -> None:
    result = sent(check, due, came)
    assert (result.verdict, result.mistake) == (Verdict.FAIL, mistake)


def test_what_is_shown_begins_with_the_frame_that_differs() -> None:
    result = sent("send.text-exact", framed("ab", " x "), framed("ab", "x") + b"!")
    assert str(result.expected) == "13 bytes, from byte 6 on: 03 00 00 00 20 78 20"
    assert str(result.actual) == "11 bytes, from byte 6 on: 01 00 00 00 78"


def test_the_other_byte_order_is_explained_with_both_numbers() -> None:
    result = sent("send.one", framed("Packages"), b"\0\0\0\x08Packages!")
    assert "is 134217728; read the other way round it is 8" in str(result.actual)


def test_sending_and_then_raising_is_no_pass() -> None:
    assert sent("send.one", framed("x"), framed("x"), *raised(NameError("n"))).verdict is Verdict.FAIL


def test_the_longest_message_alone_was_refused() -> None:
    due, longest = framed("x" * 65_536, "y" * LIMIT), LIMIT + frames.HEADER
    assert sent("send.large", due, due[:-longest], *raised(ValueError("long"))).mistake == "limit-off-by-one"
    assert sent("send.large", due, b"", *raised(ValueError("long"))).mistake is None


@given(st.lists(st.text(max_size=100), min_size=1, max_size=4), st.integers(0, 400), st.binary(max_size=3))
def test_only_the_bytes_that_are_due_pass(texts: list[str], cut: int, put: bytes) -> None:
    """Whatever is cut out and put in somewhere."""
    due = framed(*texts)
    came = due[:cut] + put + due[cut + len(put) + cut % 2 :] + b"!"
    right = came in (due, due + b"!")
    assert sent("send.random", due, came).verdict is (Verdict.PASS if right else Verdict.FAIL)
